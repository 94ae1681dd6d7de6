package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.ReadBack;
import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.flip.TtlBook;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.cutover.phase.Traffic;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Moves the traffic by DNS: one update a zone, in the file's order. Several zones cannot change at once; as long as nothing has been opened
 * no harm is in that, and where a later zone cannot be changed the earlier ones are taken back.
 */
final class DnsTraffic implements Traffic {

    /**
     * How long what was sent may still take effect: a signed update that was lost on its way (RFC 8945 section 10: the fudge), or a change that a
     * provider took and has not published yet.
     */
    static final Duration MAY_LAND = Duration.ofSeconds(300);

    private final List<Zone> zones;
    private final DnsFiles files;
    private final Clock clock;
    private final Duration patience;

    DnsTraffic(List<Zone> zones, DnsFiles files, Clock clock) {
        this(zones, files, clock, Duration.ofSeconds(30));
    }

    /**
     * @param patience for all servers to show a change
     */
    DnsTraffic(List<Zone> zones, DnsFiles files, Clock clock, Duration patience) {
        this.zones = zones;
        this.files = files;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public FlipResult flip(Direction direction, Deadline deadline) {
        Optional<Instant> otherWay = mayLandUntil(direction.opposite()); // all would look as if it had been taken back
        if (otherWay.isPresent())
            return new FlipResult.Unsettled(
                    "an update the other way was sent and is not settled; it may land until " + otherWay.get());
        Optional<Instant> sameWay = mayLandUntil(direction);
        List<Step> steps;
        try {
            steps = steps(direction);
        } catch (UnsafePlanException e) {
            return new FlipResult.NotDone("the DNS plan is not safe: " + e.getMessage());
        }
        if (direction == Direction.FORWARD) keepOriginals(steps);
        FlipResult result = send(steps, direction, deadline);
        if (result instanceof FlipResult.Unsettled || sameWay.isEmpty()) return result;
        files.save(new DnsFiles.Sent(direction, sameWay.get())); // what was lost before may land still, or again
        return result instanceof FlipResult.NotDone failed
                ? new FlipResult.Unsettled(
                        failed.reason() + "; but an update that was sent before may land until " + sameWay.get())
                : result;
    }

    private FlipResult send(List<Step> steps, Direction direction, Deadline deadline) {
        List<Step> sent = new ArrayList<>();
        List<Step> pending = new ArrayList<>();
        for (Step step : steps) {
            if (deadline.isPast()) return takeBack(sent, pending, "no time is left to send the DNS update");
            files.save(new DnsFiles.Sent(direction, clock.instant().plus(MAY_LAND))); // for who comes after a crash
            Outcome outcome = step.apply();
            if (outcome instanceof Outcome.Unsettled) {
                List<String> missing = step.readBack(patience).missing();
                if (!missing.isEmpty())
                    return new FlipResult.Unsettled(outcome.message() + "; " + String.join("; ", missing));
            } else if (!outcome.isTaken()) return takeBack(sent, pending, outcome.message());
            if (outcome instanceof Outcome.Pending) {
                files.save(new DnsFiles.Sent(direction, clock.instant().plus(MAY_LAND)));
                pending.add(step);
            }
            if (!step.plan().isDone()) sent.add(step);
        }
        return shown(steps);
    }

    @Override
    public FlipResult look(Direction direction) {
        String origin = direction.origin().label();
        List<Step> steps;
        try {
            steps = steps(direction);
        } catch (UnsafePlanException e) {
            return new FlipResult.Unsettled("DNS is neither as before nor as planned: " + e.getMessage());
        }
        List<Step> done = steps.stream().filter(step -> step.plan().isDone()).toList();
        if (done.size() == steps.size()) return shown(steps);
        Optional<Instant> mayLandUntil = mayLandUntil(direction);
        if (mayLandUntil.isPresent())
            return new FlipResult.Unsettled("DNS still names the " + origin
                    + ", but the update that was sent may land until " + mayLandUntil.get());
        if (!done.isEmpty()) return takeBackWhatMoved(done, direction);
        return zones.stream().anyMatch(zone -> zone.isMoving(direction == Direction.REVERSE))
                ? new FlipResult.Unsettled("some servers show the change, and the first one does not yet")
                : new FlipResult.NotDone("DNS still names the " + origin);
    }

    /** Empty: nothing that was sent this way is on its way any more. */
    private Optional<Instant> mayLandUntil(Direction direction) {
        return files.sent()
                .filter(sent -> sent.direction() == direction)
                .map(DnsFiles.Sent::mayLandUntil)
                .filter(clock.instant()::isBefore);
    }

    private List<Step> steps(Direction direction) {
        return zones.stream()
                .map(zone -> zone.move(direction == Direction.REVERSE))
                .toList();
    }

    /** A rule may give a set another TTL: the one that it had is restored at the end. */
    private void keepOriginals(List<Step> steps) {
        TtlBook book = files.book();
        TtlBook kept = book;
        for (Step step : steps) if (!step.plan().isDone()) kept = kept.keep(step.plan(), clock.instant());
        if (!kept.equals(book)) files.save(kept);
    }

    private FlipResult shown(List<Step> steps) {
        List<ReadBack> reads = readBack(steps);
        List<String> missing = missing(reads);
        if (!missing.isEmpty()) return new FlipResult.Unsettled(String.join("; ", missing));
        files.settled();
        return new FlipResult.Done(change(steps, reads));
    }

    /** Only some zones have moved, and who sent their updates is gone: back to where all of them were. */
    private FlipResult takeBackWhatMoved(List<Step> done, Direction direction) {
        List<Step> there = new ArrayList<>();
        for (Step step : done) there.add(step.zone().move(direction == Direction.FORWARD));
        return takeBackBy(there, "only some zones had moved");
    }

    /** By compare-and-swap, the last one first: every zone to what it was, with the TTLs that it had. */
    private FlipResult takeBack(List<Step> sent, List<Step> pending, String why) {
        List<String> missing = missing(readBack(pending));
        if (!missing.isEmpty())
            return new FlipResult.Unsettled(
                    why + "; and what was taken before is not shown yet, so it cannot be taken back: "
                            + String.join("; ", missing));
        List<Step> back = new ArrayList<>();
        for (Step step : sent) back.add(0, step.inverse());
        return takeBackBy(back, why);
    }

    private FlipResult takeBackBy(List<Step> back, String why) {
        List<String> failed = new ArrayList<>();
        for (Step step : back) {
            Outcome outcome = step.apply();
            ReadBack read = step.readBack(patience);
            if (!read.everywhere()) failed.add(outcome.message() + "; " + String.join("; ", read.missing()));
        }
        if (!failed.isEmpty())
            return new FlipResult.Unsettled(why + "; and what had moved is not back yet: " + String.join("; ", failed));
        files.settled();
        return new FlipResult.NotDone(
                back.isEmpty() ? why : why + "; " + names(back) + " moved before and was taken back");
    }

    private List<ReadBack> readBack(List<Step> steps) {
        return steps.stream().map(step -> step.readBack(patience)).toList();
    }

    private static List<String> missing(List<ReadBack> reads) {
        return reads.stream().flatMap(read -> read.missing().stream()).toList();
    }

    private static String names(List<Step> steps) {
        return "zone "
                + String.join(
                        " and zone ",
                        steps.stream().map(step -> step.plan().zone()).toList());
    }

    private DnsChange change(List<Step> steps, List<ReadBack> reads) {
        boolean one = steps.size() == 1; // serials of several zones say nothing together
        return new DnsChange(
                lines(steps, DnsPlan.Change::before),
                lines(steps, DnsPlan.Change::after),
                one ? OptionalLong.of(steps.get(0).plan().serial()) : OptionalLong.empty(),
                one ? reads.get(0).serial().map(OptionalLong::of).orElse(OptionalLong.empty()) : OptionalLong.empty(),
                OptionalLong.of(cached(steps, reads).toSeconds()));
    }

    /** A TTL that was lowered just before may still be cached as it was, and what a set that is gone by now had, its rule alone tells. */
    private Duration cached(List<Step> steps, List<ReadBack> reads) {
        Instant now = clock.instant();
        TtlBook book = files.book();
        Map<String, Instant> drains = files.drains().zones();
        List<Duration> all =
                new ArrayList<>(reads.stream().map(ReadBack::drainTime).toList());
        for (Step step : steps) {
            for (RecordRules record : step.zone().rules().records()) {
                Long ttl = record.ttl();
                if (ttl != null) all.add(Duration.ofSeconds(ttl));
            }
            book.of(step.zone().name()).filter(TtlBook.Entry::lowered).ifPresent(kept -> all.add(left(kept, now)));
            Instant seen = drains.get(step.zone().name());
            if (seen != null) all.add(Duration.between(now, seen).plusSeconds(1));
        }
        return all.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private static Duration left(TtlBook.Entry kept, Instant now) {
        Instant drainedAt = kept.drainedAt();
        return drainedAt == null
                ? kept.longest()
                : Duration.between(now, drainedAt).plusSeconds(1);
    }

    private static List<String> lines(List<Step> steps, Function<DnsPlan.Change, RecordSet> which) {
        return steps.stream()
                .flatMap(step -> step.plan().changes().stream())
                .map(which)
                .map(Object::toString)
                .toList();
    }
}
