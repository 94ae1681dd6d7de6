package dev.lockstep.cutover.flip;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the zones' record sets were like before anything was done to them, so that their TTLs can be restored at the end. A value.
 *
 * @param zones by their absolute names
 */
public record TtlBook(Map<String, Entry> zones) {

    public static final TtlBook EMPTY = new TtlBook(Map.of());

    public TtlBook {
        zones = zones == null ? Map.of() : Map.copyOf(zones);
    }

    /**
     * @param originals the record sets, absent ones too
     * @param lowered whether a lower TTL was sent, or was about to be
     * @param drainedAt when the last cache that keeps to the TTL has let go of what it was told before; null: not known
     */
    public record Entry(
            Instant keptAt,
            List<RecordSet> originals,
            boolean lowered,
            @Nullable Instant drainedAt) {

        public Entry {
            originals = List.copyOf(originals);
        }

        /** How long a cache may keep what it was told at the beginning. */
        public Duration longest() {
            return Duration.ofSeconds(originals.stream()
                    .filter(set -> !set.isAbsent())
                    .mapToLong(RecordSet::ttl)
                    .max()
                    .orElse(0));
        }
    }

    public Optional<Entry> of(String zone) {
        return Optional.ofNullable(zones.get(zone));
    }

    /** With the sets as a plan saw them, unless earlier ones are kept already. */
    public TtlBook keep(DnsPlan plan, Instant at) {
        if (zones.containsKey(plan.zone())) return this;
        List<RecordSet> originals =
                plan.changes().stream().map(DnsPlan.Change::before).toList();
        return with(plan.zone(), new Entry(at, originals, false, null));
    }

    /** A plan that lowers is about to be sent: until all servers have been seen to show it nothing is known of the caches. */
    public TtlBook lowering(DnsPlan plan, Instant at) {
        TtlBook kept = keep(plan, at);
        Entry entry = Objects.requireNonNull(kept.zones.get(plan.zone()));
        @Nullable Instant drained = plan.isDone() ? entry.drainedAt() : null;
        return kept.with(plan.zone(), new Entry(entry.keptAt(), entry.originals(), true, drained));
    }

    /**
     * All servers show what a plan lowered.
     *
     * @param before the book as it was before the plan was sent
     * @param shownAt when the last of them did
     */
    public TtlBook lowered(DnsPlan plan, TtlBook before, Instant shownAt) {
        Entry entry = zones.get(plan.zone());
        if (entry == null || entry.drainedAt() != null) return this; // nothing was sent, and it was known
        Optional<Entry> earlier = before.of(plan.zone()).filter(Entry::lowered);
        @Nullable Instant known = earlier.map(Entry::drainedAt).orElse(null);
        Duration old = plan.drainTime();
        // An earlier lowering that nobody saw to its end may have been shown as late as now.
        if (earlier.isPresent() && known == null && entry.longest().compareTo(old) > 0) old = entry.longest();
        Instant drained = shownAt.plus(old);
        if (known != null && known.isAfter(drained)) drained = known;
        return with(plan.zone(), new Entry(entry.keptAt(), entry.originals(), true, drained));
    }

    public TtlBook without(String zone) {
        Map<String, Entry> rest = new TreeMap<>(zones);
        rest.remove(zone);
        return new TtlBook(rest);
    }

    private TtlBook with(String zone, Entry entry) {
        Map<String, Entry> all = new TreeMap<>(zones);
        all.put(zone, entry);
        return new TtlBook(all);
    }
}
