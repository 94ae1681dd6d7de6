package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One zone's change, all or nothing: every record set with what it must be before, and what it is after. A value: making one asks nobody
 * and changes nothing.
 *
 * @param zone absolute, with its final dot
 * @param serial of the zone when it was planned; no server that shows the change may have an older one
 */
public record DnsPlan(String zone, long serial, List<Change> changes) {

    public DnsPlan {
        changes = List.copyOf(changes);
    }

    /**
     * A record set's way.
     *
     * @param done it was at {@code after} when planned; it must still be so when the plan is applied
     */
    public record Change(RecordSet before, RecordSet after, boolean done) {

        /** What the zone must hold for the plan to apply. */
        RecordSet expected() {
            return done ? after : before;
        }

        private String line() {
            return done
                    ? "= " + after.key() + ": already " + after.contents()
                    : "~ " + before.key() + ": " + before.contents() + " -> " + after.contents();
        }
    }

    /**
     * The traffic's move, as the rules say it.
     *
     * @throws UnsafePlanException if the rules or what was observed make it unsafe
     */
    public static DnsPlan flip(DnsRules rules, Observed observed) {
        return new Planner(rules, observed).flip();
    }

    /**
     * The traffic's move back, as the same rules say it: a plan of its own and not {@link #inverse}, as that cannot tell whether it is done
     * already.
     *
     * @throws UnsafePlanException if the rules or what was observed make it unsafe
     */
    public static DnsPlan flipBack(DnsRules rules, Observed observed) {
        return new Planner(rules, Wanted.back(rules), observed).flip();
    }

    /**
     * The same data with a TTL of so much at most, ahead of the flip, so that caches let go of it sooner.
     *
     * @throws UnsafePlanException if the rules or what was observed make it unsafe
     */
    public static DnsPlan lowerTtl(DnsRules rules, Observed observed, Duration ttl) {
        return new Planner(rules, observed).lowerTtl(ttl.toSeconds());
    }

    /**
     * The same data, be it that before the flip or after it, with the TTLs that are to last: after the flip a rule's own, else the original
     * one of the same name and type.
     *
     * @param originals as they were before anything was done to them
     * @throws UnsafePlanException if the rules or what was observed make it unsafe
     */
    public static DnsPlan restoreTtl(DnsRules rules, Observed observed, List<RecordSet> originals) {
        return new Planner(rules, observed).restoreTtl(originals);
    }

    /** Asked of a provider: a plan for another zone is somebody's mistake. */
    void requireZone(String served) {
        if (!zone.equals(served)) throw new IllegalArgumentException("a plan for " + zone + ", not " + served);
    }

    /** Nothing is left to do. */
    public boolean isDone() {
        return changes.stream().allMatch(Change::done);
    }

    /** The way back: the same record sets to what they were before, with the TTLs that they had. */
    public DnsPlan inverse() {
        List<Change> back = changes.stream()
                .map(c -> new Change(c.after(), c.before(), c.before().equals(c.after())))
                .toList();
        return new DnsPlan(zone, serial, back);
    }

    /** How long caches may keep what was there before, counted from the moment the last server has dropped it. */
    public Duration drainTime() {
        return Duration.ofSeconds(
                changes.stream().mapToLong(c -> c.before().ttl()).max().orElse(0));
    }

    /** What is sent, as an UPDATE has it: what is required first, then what is deleted and added. Empty if nothing is. */
    public List<String> steps() {
        return isDone() ? List.of() : Updates.lines(Updates.of(this));
    }

    /** For people: a head line, and one line a record set, {@code ~} where it changes and {@code =} where it does not. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        long pending = changes.stream().filter(c -> !c.done()).count();
        lines.add("zone " + zone + " (serial " + serial + "): "
                + (pending == 0
                        ? "nothing to do"
                        : "1 update of " + pending + " record set" + (pending == 1 ? "" : "s")));
        changes.forEach(change -> lines.add(change.line()));
        return lines;
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
