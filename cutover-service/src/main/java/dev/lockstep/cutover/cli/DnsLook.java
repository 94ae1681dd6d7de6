package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Observed;
import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.cutover.flip.TtlBook;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.gate.CachedTtl;
import dev.lockstep.cutover.gate.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all zones for the gates. It remembers, over restarts, when it last saw a TTL that was too long: from then on caches may keep it
 * for so long, whoever lowered it.
 */
final class DnsLook {

    /**
     * @param dns whether the record sets stand as the rules expect them before the flip, on every server
     */
    record Seen(Findings dns, CachedTtl ttl) {}

    private final List<Zone> zones;
    private final DnsFiles files;
    private final Map<String, Instant> drains;

    DnsLook(List<Zone> zones, DnsFiles files) {
        this.zones = zones;
        this.files = files;
        this.drains = new TreeMap<>(files.drains().zones());
    }

    Seen look(Instant now) {
        if (zones.isEmpty()) return new Seen(new Findings.NotApplicable(), new CachedTtl.NotApplicable());
        TtlBook book = files.book();
        List<String> unseen = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<CachedTtl.Zone> ttls = new ArrayList<>();
        for (Zone zone : zones) {
            Observed observed = zone.provider().observe();
            List<String> missing = unseen(observed);
            unseen.addAll(missing);
            if (!missing.isEmpty()) continue;
            problem(zone, observed).ifPresent(problems::add);
            Optional<TtlBook.Entry> kept = book.of(zone.name());
            if (kept.filter(e -> e.lowered() && e.drainedAt() == null).isPresent())
                unseen.add("zone " + zone.name() + ": its TTL was lowered, but nobody saw that all servers show it;"
                        + " run `lockstep ttl lower` again");
            ttls.add(ttl(zone, observed, kept.map(TtlBook.Entry::drainedAt), now));
        }
        String reason = String.join("; ", unseen);
        return unseen.isEmpty()
                ? new Seen(new Findings.Seen(problems), new CachedTtl.Seen(ttls))
                : new Seen(new Findings.Unseen(reason), new CachedTtl.Unseen(reason));
    }

    private static List<String> unseen(Observed observed) {
        List<View> views = new ArrayList<>(observed.servers());
        views.add(observed.primary());
        return views.stream()
                .filter(View.Unseen.class::isInstance)
                .map(view -> ((View.Unseen) view).reason())
                .distinct()
                .toList();
    }

    private static Optional<String> problem(Zone zone, Observed observed) {
        try {
            DnsPlan.flip(zone.rules(), observed);
            return Optional.empty();
        } catch (UnsafePlanException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private CachedTtl.Zone ttl(Zone zone, Observed observed, Optional<Instant> lowered, Instant now) {
        Duration longest = Duration.ZERO;
        String where = "zone " + zone.name();
        List<View> views = new ArrayList<>(observed.servers());
        views.add(observed.primary());
        for (View view : views) {
            if (!(view instanceof View.Seen seen)) continue;
            for (RecordSet set : seen.sets()) {
                Duration ttl = Duration.ofSeconds(set.isAbsent() ? 0 : set.ttl());
                if (ttl.compareTo(longest) <= 0) continue;
                longest = ttl;
                where = set.name() + " " + set.type() + " at " + seen.server();
            }
        }
        Duration limit = zone.rules().lowTtl();
        if (longest.compareTo(limit) > 0) remember(zone.name(), now.plus(longest));
        return new CachedTtl.Zone(zone.name(), limit, longest, where, later(drains.get(zone.name()), lowered));
    }

    private void remember(String zone, Instant drainedAt) {
        Instant known = drains.get(zone);
        if (known != null && !drainedAt.isAfter(known)) return;
        drains.put(zone, drainedAt);
        files.save(new DnsFiles.Drains(drains));
    }

    private static Optional<Instant> later(@Nullable Instant a, Optional<Instant> b) {
        if (a == null) return b;
        return b.filter(other -> other.isAfter(a)).or(() -> Optional.of(a));
    }
}
