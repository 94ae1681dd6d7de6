package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.ReadBack;
import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.flip.TtlBook;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lowers TTLs ahead of the flip and restores them at the end. What they were is kept before anything is sent, so whatever happens in
 * between, doing it again completes it.
 */
final class Ttls {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Zone> zones;
    private final DnsFiles files;
    private final Clock clock;
    private final Duration patience;

    Ttls(Migration migration, Clock clock) {
        this(Zone.of(migration.dns(), clock), new DnsFiles(migration.state()), clock, PATIENCE);
        if (zones.isEmpty())
            throw new ConfigurationException("the migration file names no dns, so there is no TTL to change");
    }

    /**
     * @param patience for all servers to show a change
     */
    Ttls(List<Zone> zones, DnsFiles files, Clock clock, Duration patience) {
        this.zones = zones;
        this.files = files;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * Restores them when the migration is over, zone by zone, however that goes.
     *
     * @return what is still as it was lowered, with its remedy
     */
    static List<String> atTheEnd(Migration migration) {
        List<String> left = new ArrayList<>();
        DnsFiles files = new DnsFiles(migration.state());
        for (DnsRules rules : migration.dns()) {
            try {
                Ttls ttls = new Ttls(Zone.of(List.of(rules), Clock.systemUTC()), files, Clock.systemUTC(), PATIENCE);
                ttls.sendRestore(ttls.restore()).forEach(why -> left.add(left(why)));
            } catch (RuntimeException e) {
                left.add(left(String.valueOf(e.getMessage())));
            }
        }
        return left;
    }

    private static String left(String why) {
        return "in DNS: TTLs that were lowered (" + why + "); run `lockstep ttl restore`";
    }

    /**
     * @throws dev.lockstep.cutover.flip.UnsafePlanException if what the servers show makes it unsafe
     */
    List<Step> lower(Function<Zone, Duration> to) {
        return zones.stream()
                .map(zone -> new Step(
                        zone, DnsPlan.lowerTtl(zone.rules(), zone.provider().observe(), to.apply(zone))))
                .toList();
    }

    /**
     * Of the zones whose TTLs are kept; the others were not touched.
     *
     * @throws dev.lockstep.cutover.flip.UnsafePlanException if what the servers show makes it unsafe
     */
    List<Step> restore() {
        TtlBook book = files.book();
        List<Step> steps = new ArrayList<>();
        for (Zone zone : zones)
            book.of(zone.name())
                    .map(kept ->
                            DnsPlan.restoreTtl(zone.rules(), zone.provider().observe(), kept.originals()))
                    .ifPresent(plan -> steps.add(new Step(zone, plan)));
        return steps;
    }

    /** What went wrong; empty: all servers show it, and until when caches hold the old TTL is kept. */
    List<String> sendLower(List<Step> steps) {
        List<String> trouble = new ArrayList<>();
        for (Step step : steps) {
            TtlBook before = files.book();
            files.save(before.lowering(step.plan(), clock.instant()));
            ReadBack read = send(step, trouble);
            read.shownEverywhereAt().ifPresent(at -> files.save(files.book().lowered(step.plan(), before, at)));
        }
        return trouble;
    }

    /** What went wrong; empty: all servers show it, and nothing is kept any more. */
    List<String> sendRestore(List<Step> steps) {
        List<String> trouble = new ArrayList<>();
        for (Step step : steps)
            if (send(step, trouble).everywhere())
                files.save(files.book().without(step.zone().name()));
        return trouble;
    }

    private ReadBack send(Step step, List<String> trouble) {
        Outcome outcome = step.apply();
        boolean taken = outcome.isTaken();
        if (!taken) trouble.add(outcome.message());
        ReadBack read = step.readBack(taken || outcome instanceof Outcome.Unsettled ? patience : Duration.ZERO);
        if (taken) trouble.addAll(read.missing());
        return read;
    }

    /** A line a zone: since and until when. */
    List<String> drained() {
        TtlBook book = files.book();
        List<String> lines = new ArrayList<>();
        for (Zone zone : zones) {
            Optional<TtlBook.Entry> kept = book.of(zone.name());
            kept.map(TtlBook.Entry::drainedAt)
                    .ifPresent(at -> lines.add("zone " + zone.name()
                            + " shows it on all servers; caches have let go of the" + " old TTL at " + at));
        }
        return lines;
    }
}
