package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.DnsProvider;
import dev.lockstep.cutover.flip.Observed;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.ReadBack;
import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.gate.Findings;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.cutover.phase.Traffic;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Moves the traffic by DNS. */
final class DnsTraffic implements Traffic {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long a signed update that was lost on its way may still take effect (RFC 8945 section 10: the fudge). */
    private static final Duration SIGNATURE_LIFE = Duration.ofSeconds(300);

    private final DnsRules rules;
    private final DnsProvider provider;
    private final Clock clock;
    private Instant mayLandUntil = Instant.MIN;

    DnsTraffic(DnsRules rules, DnsProvider provider, Clock clock) {
        this.rules = rules;
        this.provider = provider;
        this.clock = clock;
    }

    @Override
    public FlipResult flip(Direction direction, Deadline deadline) {
        DnsPlan plan;
        try {
            plan = plan(direction);
        } catch (UnsafePlanException e) {
            return new FlipResult.NotDone("the DNS plan is not safe: " + e.getMessage());
        }
        if (deadline.isPast()) return new FlipResult.NotDone("no time is left to send the DNS update");
        Outcome outcome = provider.apply(plan);
        if (outcome instanceof Outcome.Unsettled) mayLandUntil = clock.instant().plus(SIGNATURE_LIFE);
        return result(plan, outcome);
    }

    private FlipResult result(DnsPlan plan, Outcome outcome) {
        boolean taken = outcome instanceof Outcome.Accepted || outcome instanceof Outcome.AlreadyDone;
        if (!taken && !(outcome instanceof Outcome.Unsettled)) return new FlipResult.NotDone(outcome.message());
        ReadBack read = provider.readBack(plan, PATIENCE);
        if (read.everywhere()) return new FlipResult.Done(change(plan, read));
        return new FlipResult.Unsettled(String.join("; ", read.missing()));
    }

    @Override
    public FlipResult look(Direction direction) {
        DnsPlan plan;
        try {
            plan = plan(direction);
        } catch (UnsafePlanException e) {
            return new FlipResult.Unsettled("DNS is neither as before nor as planned: " + e.getMessage());
        }
        if (!plan.isDone())
            return clock.instant().isBefore(mayLandUntil)
                    ? new FlipResult.Unsettled(
                            "DNS still names the " + direction.origin().label()
                                    + ", but the update that was sent may land until " + mayLandUntil)
                    : new FlipResult.NotDone(
                            "DNS still names the " + direction.origin().label());
        ReadBack read = provider.readBack(plan, PATIENCE);
        return read.everywhere()
                ? new FlipResult.Done(change(plan, read))
                : new FlipResult.Unsettled(String.join("; ", read.missing()));
    }

    /** Back is a plan of its own, not the inverse of the one there: that could not tell whether it is done already. */
    DnsPlan plan(Direction direction) {
        return DnsPlan.flip(direction == Direction.FORWARD ? rules : rules.reversed(), provider.observe());
    }

    /** Whether the record sets stand as the rules expect them before the flip, on every server. */
    Findings ready() {
        Observed observed = provider.observe();
        List<String> unseen = observed.servers().stream()
                .filter(Observed.View.Unseen.class::isInstance)
                .map(view -> ((Observed.View.Unseen) view).reason())
                .toList();
        if (!unseen.isEmpty()) return new Findings.Unseen(String.join("; ", unseen));
        try {
            DnsPlan.flip(rules, observed);
            return new Findings.Seen(List.of());
        } catch (UnsafePlanException e) {
            return new Findings.Seen(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static DnsChange change(DnsPlan plan, ReadBack read) {
        return new DnsChange(
                lines(plan, DnsPlan.Change::before),
                lines(plan, DnsPlan.Change::after),
                OptionalLong.of(plan.serial()),
                read.serial().map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static List<String> lines(DnsPlan plan, Function<DnsPlan.Change, RecordSet> which) {
        return plan.changes().stream().map(which).map(Object::toString).toList();
    }
}
