package dev.lockstep.cutover.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Serial;
import org.xbill.DNS.Type;

/** An UPDATE message on one version of a zone (RFC 2136 section 3): the next version, or a refusal and no change at all. */
final class DemoDnsUpdate {

    /** Why not, as an Rcode. */
    static final class Rejected extends Exception {

        private static final long serialVersionUID = 1;

        private final int rcode;

        Rejected(int rcode) {
            super(Rcode.string(rcode));
            this.rcode = rcode;
        }

        int rcode() {
            return rcode;
        }
    }

    private final DemoDnsZone zone;
    private final NavigableMap<Name, SortedMap<Integer, List<Record>>> next;

    private DemoDnsUpdate(DemoDnsZone zone) {
        this.zone = zone;
        this.next = zone.copy();
    }

    /** The next version; the same one if the update changes nothing (section 3.6: then the serial stays too). */
    static DemoDnsZone apply(DemoDnsZone zone, Message update) throws Rejected {
        checkZone(zone, update.getSection(Section.ZONE));
        DemoDnsUpdate work = new DemoDnsUpdate(zone);
        work.checkPrerequisites(update.getSection(Section.PREREQ));
        for (Record record : update.getSection(Section.UPDATE)) work.scan(record);
        for (Record record : update.getSection(Section.UPDATE)) work.change(record);
        return work.finish();
    }

    /** Section 3.1. */
    private static void checkZone(DemoDnsZone zone, List<Record> section) throws Rejected {
        if (section.size() != 1 || section.get(0).getType() != Type.SOA) throw new Rejected(Rcode.FORMERR);
        if (!section.get(0).getName().equals(zone.name()) || section.get(0).getDClass() != DClass.IN)
            throw new Rejected(Rcode.NOTAUTH);
    }

    /** Section 3.2. */
    private void checkPrerequisites(List<Record> prerequisites) throws Rejected {
        Map<Name, Map<Integer, List<Record>>> expected = new HashMap<>();
        for (Record p : prerequisites) {
            if (p.getTTL() != 0) throw new Rejected(Rcode.FORMERR);
            if (!p.getName().subdomain(zone.name())) throw new Rejected(Rcode.NOTZONE);
            switch (p.getDClass()) {
                case DClass.ANY ->
                    require(isEmpty(p), present(p), p.getType() == Type.ANY ? Rcode.NXDOMAIN : Rcode.NXRRSET);
                case DClass.NONE ->
                    require(isEmpty(p), !present(p), p.getType() == Type.ANY ? Rcode.YXDOMAIN : Rcode.YXRRSET);
                case DClass.IN ->
                    expected.computeIfAbsent(p.getName(), n -> new HashMap<>())
                            .computeIfAbsent(p.getType(), t -> new ArrayList<>())
                            .add(p);
                default -> throw new Rejected(Rcode.FORMERR);
            }
        }
        for (Map<Integer, List<Record>> sets : expected.values())
            for (List<Record> set : sets.values())
                if (!sameData(set, zone.records(set.get(0).getName(), set.get(0).getType())))
                    throw new Rejected(Rcode.NXRRSET);
    }

    private static void require(boolean wellFormed, boolean holds, int otherwise) throws Rejected {
        if (!wellFormed) throw new Rejected(Rcode.FORMERR);
        if (!holds) throw new Rejected(otherwise);
    }

    private boolean present(Record p) {
        return p.getType() == Type.ANY
                ? !zone.at(p.getName()).isEmpty()
                : !zone.records(p.getName(), p.getType()).isEmpty();
    }

    /** A record's equality is over name, type, class and data, not the TTL: as section 1.1.1 compares. */
    private static boolean sameData(Collection<Record> one, Collection<Record> other) {
        return new HashSet<>(one).equals(new HashSet<>(other));
    }

    /** Section 3.4.1: nothing is changed before all of it is well-formed. */
    private void scan(Record u) throws Rejected {
        if (!u.getName().subdomain(zone.name())) throw new Rejected(Rcode.NOTZONE);
        boolean meta = u.getType() == Type.ANY || u.getType() >= Type.TKEY && u.getType() <= Type.ANY;
        boolean wellFormed =
                switch (u.getDClass()) {
                    case DClass.IN -> !meta && !isEmpty(u);
                    case DClass.ANY -> u.getTTL() == 0 && isEmpty(u) && (!meta || u.getType() == Type.ANY);
                    case DClass.NONE -> u.getTTL() == 0 && !meta;
                    default -> false;
                };
        if (!wellFormed) throw new Rejected(Rcode.FORMERR);
    }

    /** Section 3.4.2. */
    private void change(Record u) {
        switch (u.getDClass()) {
            case DClass.IN -> add(u);
            case DClass.ANY -> deleteSets(u.getName(), u.getType());
            default -> delete(u);
        }
    }

    private void add(Record record) {
        SortedMap<Integer, List<Record>> there = next.computeIfAbsent(record.getName(), n -> new TreeMap<>());
        boolean alias = record.getType() == Type.CNAME;
        if (there.keySet().stream().anyMatch(type -> alias != (type == Type.CNAME)))
            return; // 3.4.2.2: skipped, not refused
        if (record instanceof SOARecord soa && !isNewer(soa)) return;
        List<Record> set = there.computeIfAbsent(record.getType(), t -> new ArrayList<>());
        if (alias || record.getType() == Type.SOA) set.clear();
        set.removeIf(record::equals);
        set.replaceAll(old -> withTtl(old, record.getTTL())); // one TTL a set (RFC 2181 section 5.2)
        set.add(record);
    }

    private boolean isNewer(SOARecord soa) {
        return soa.getName().equals(zone.name()) && Serial.compare(soa.getSerial(), zone.serial()) > 0;
    }

    private static Record withTtl(Record record, long ttl) {
        Record copy = Record.newRecord(
                record.getName(), record.getType(), record.getDClass(), ttl, record.rdataToWireCanonical());
        return copy;
    }

    /** The zone's own SOA and NS stay, whatever is asked. */
    private void deleteSets(Name owner, int type) {
        SortedMap<Integer, List<Record>> there = next.get(owner);
        if (there == null) return;
        boolean apex = owner.equals(zone.name());
        there.keySet().removeIf(t -> (type == Type.ANY || t == type) && !(apex && (t == Type.SOA || t == Type.NS)));
    }

    private void delete(Record u) {
        List<Record> set = next.getOrDefault(u.getName(), new TreeMap<>()).get(u.getType());
        boolean apex = u.getName().equals(zone.name());
        if (set == null || apex && (u.getType() == Type.SOA || u.getType() == Type.NS && set.size() == 1)) return;
        set.removeIf(r -> Arrays.equals(r.rdataToWireCanonical(), u.rdataToWireCanonical()));
    }

    private DemoDnsZone finish() {
        next.values().forEach(sets -> sets.values().removeIf(List::isEmpty));
        next.values().removeIf(Map::isEmpty);
        DemoDnsZone changed = new DemoDnsZone(zone.name(), next);
        if (changed.lines().equals(zone.lines())) return zone;
        if (changed.serial() != zone.serial()) return changed; // the client has set it
        SOARecord soa = zone.soa();
        next.computeIfAbsent(zone.name(), apex -> new TreeMap<>())
                .put(Type.SOA, List.of(DemoDnsZone.soa(soa, soa.getTTL(), Serial.increment(soa.getSerial()))));
        return changed;
    }

    private static boolean isEmpty(Record record) {
        return record.rdataToWireCanonical().length == 0;
    }
}
