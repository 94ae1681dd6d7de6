package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.DnsPlan.Change;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** A plan as one UPDATE message (RFC 2136). */
final class Updates {

    private Updates() {}

    /** Prerequisites first, then all deletions, and then all additions: a server skips a CNAME where other data still stands (section 3.4.2.2). */
    static Update of(DnsPlan plan) {
        Update update = trial(plan);
        plan.changes().stream().filter(c -> !c.done()).forEach(c -> delete(update, c));
        plan.changes().stream().filter(c -> !c.done()).forEach(c -> add(update, c.after()));
        return update;
    }

    /**
     * The prerequisites alone: every set as the plan saw it, value by value (section 2.4.2) or absent (section 2.4.3), those that need no
     * change too. A server answers as it would to the whole, as to key, zone and prerequisites, and changes nothing.
     */
    static Update trial(DnsPlan plan) {
        Update update = new Update(Spelling.parse(plan.zone()));
        plan.changes().forEach(change -> require(update, change.expected()));
        return update;
    }

    /** For people, a line a record. */
    static List<String> lines(Message update) {
        List<String> lines = new ArrayList<>();
        for (Record record : update.getSection(Section.PREREQ))
            lines.add((record.getDClass() == DClass.NONE ? "requires no " : "requires ") + text(record, false));
        for (Record record : update.getSection(Section.UPDATE))
            lines.add(
                    record.getDClass() == DClass.ANY ? "deletes " + text(record, false) : "adds " + text(record, true));
        return lines;
    }

    private static String text(Record record, boolean withTtl) {
        String data = record.rdataToString();
        return record.getName() + " " + Type.string(record.getType()) + (data.isEmpty() ? "" : " " + data)
                + (withTtl ? " (ttl " + record.getTTL() + ")" : "");
    }

    private static void require(Update update, RecordSet set) {
        Name name = Spelling.parse(set.name());
        if (set.isAbsent()) update.absent(name, set.type().code());
        for (String value : set.values()) update.present(Spelling.record(set.name(), set.type(), 0, value));
    }

    private static void delete(Update update, Change change) {
        Name name = Spelling.parse(change.before().name());
        if (!change.before().isAbsent())
            update.delete(name, change.before().type().code());
    }

    private static void add(Update update, RecordSet set) {
        for (String value : set.values()) update.add(Spelling.record(set.name(), set.type(), set.ttl(), value));
    }
}
