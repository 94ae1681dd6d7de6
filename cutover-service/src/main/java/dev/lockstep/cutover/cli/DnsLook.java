package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Observed;
import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.cutover.flip.TtlBook;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.gate.CachedTtl;
import dev.lockstep.cutover.gate.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** How long a trial is believed that went well: a server may log each. */
    private static final Duration WELL = Duration.ofMinutes(1);

    /** The same of one that did not: it may be mended by now. */
    private static final Duration ILL = Duration.ofSeconds(10);

    /**
     * @param dns whether the record sets stand as the rules expect them before the flip, on every server, and the first would take it
     */
    record Seen(Findings dns, CachedTtl ttl) {}

    private record Trial(Instant at, Outcome outcome) {

        boolean isOld(Instant now) {
            return at.plus(outcome.isTaken() ? WELL : ILL).isBefore(now);
        }
    }

    private final List<Zone> zones;
    private final DnsFiles files;
    private final Map<String, Instant> drains;
    private final Map<String, Trial> trials = new HashMap<>();

    DnsLook(List<Zone> zones, DnsFiles files) {
        this.zones = zones;
        this.files = files;
        this.drains = new TreeMap<>(files.drains().zones());
    }

    Seen look(Instant now) {
        if (zones.isEmpty()) return new Seen(new Findings.NotApplicable(), new CachedTtl.NotApplicable());
        TtlBook book = files.book();
        List<String> unseen = new ArrayList<>();
        List<String> unsettled = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<CachedTtl.Zone> ttls = new ArrayList<>();
        for (Zone zone : zones) {
            Observed observed = zone.provider().observe();
            unseen.addAll(observed.unseen());
            if (!observed.unseen().isEmpty()) continue;
            problem(zone, observed, now).ifPresent(problems::add);
            Optional<TtlBook.Entry> kept = book.of(zone.name());
            kept.flatMap(entry -> unsettled(zone, entry)).ifPresent(unsettled::add);
            ttls.add(ttl(zone, observed, kept.map(TtlBook.Entry::drainedAt), now));
        }
        return new Seen(
                unseen.isEmpty() ? new Findings.Seen(problems) : new Findings.Unseen(String.join("; ", unseen)),
                unseen.isEmpty() && unsettled.isEmpty()
                        ? new CachedTtl.Seen(ttls)
                        : new CachedTtl.Unseen(String.join("; ", unseen.isEmpty() ? unsettled : unseen)));
    }

    private static Optional<String> unsettled(Zone zone, TtlBook.Entry kept) {
        return kept.lowered() && kept.drainedAt() == null
                ? Optional.of("zone " + zone.name() + ": its TTL was lowered, but nobody saw that all servers show it;"
                        + " run `lockstep ttl lower` again")
                : Optional.empty();
    }

    private Optional<String> problem(Zone zone, Observed observed, Instant now) {
        try {
            DnsPlan plan = DnsPlan.flip(zone.rules(), observed);
            Outcome tried = tryOut(zone, plan, now);
            return tried.isTaken() ? Optional.empty() : Optional.of("zone " + zone.name() + ": " + tried.message());
        } catch (UnsafePlanException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Outcome tryOut(Zone zone, DnsPlan plan, Instant now) {
        Trial last = trials.get(zone.name());
        if (last == null || last.isOld(now)) {
            last = new Trial(now, zone.provider().tryOut(plan));
            trials.put(zone.name(), last);
        }
        return last.outcome();
    }

    private CachedTtl.Zone ttl(Zone zone, Observed observed, Optional<Instant> lowered, Instant now) {
        Duration longest = Duration.ZERO;
        String where = "zone " + zone.name();
        for (View view : observed.views()) {
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
