package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.cutover.operator.OperatorProcess;
import dev.lockstep.schemas.migration.Migration.DnsAtomicity;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Any zone that a command of the operator's can change, such as one at a cloud. The command writes; what it says is checked, as for every
 * provider, at the authoritative servers. They are compared just before, too, so another writer is noticed, but one in between is not.
 */
public final class CommandProvider implements DnsProvider {

    /**
     * @param exchange for reading one server
     * @param command until the command is killed
     * @param settle for reading, when the command does not say how it went
     */
    record Timeouts(Duration exchange, Duration command, Duration settle) {
        static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofSeconds(3));
    }

    private final String zone;
    private final DnsAtomicity atomicity;
    private final OperatorCommand command;
    private final Duration settle;
    private final Watch watch;

    /**
     * @throws UnsafePlanException if the rules alone are unsafe
     * @throws dev.lockstep.schemas.migration.ConfigurationException if a server is none
     */
    public CommandProvider(DnsRules rules, Clock clock) {
        this(rules, clock, Timeouts.DEFAULT);
    }

    CommandProvider(DnsRules rules, Clock clock, Timeouts timeouts) {
        this.zone = Spelling.name(rules.zone());
        this.atomicity = rules.atomicity();
        this.command = new OperatorCommand(new OperatorProcess(rules.command(), timeouts.command()));
        this.settle = timeouts.settle();
        this.watch = Watch.of(rules, null, Questions.ofThisHost(timeouts.exchange()), timeouts.exchange(), clock);
    }

    @Override
    public DnsAtomicity atomicity() {
        return atomicity;
    }

    @Override
    public Observed observe() {
        return watch.observe(zone);
    }

    /** Of the command itself nothing can be told beforehand. */
    @Override
    public Outcome tryOut(DnsPlan plan) {
        plan.requireZone(zone);
        Outcome before = before(plan);
        return before == null ? new Outcome.Accepted("zone " + zone + " is as the command shall find it") : before;
    }

    @Override
    public Outcome apply(DnsPlan plan) {
        plan.requireZone(zone);
        Outcome before = before(plan);
        return before == null ? run(plan) : before;
    }

    @Override
    public Outcome share(DnsPlan plan, int percent) {
        plan.requireZone(zone);
        OperatorCommand.Ended ended =
                switch (percent) {
                    case 0 -> command.run(plan.inverse()); // so that one that knows no shares gets back, too
                    case 100 -> command.run(plan);
                    default -> command.share(plan, percent);
                };
        return switch (ended.how()) {
            case DONE -> new Outcome.Accepted("the command set " + percent + " %: " + ended.said());
            case NOTHING_CHANGED -> nothingChanged(ended);
            case NOT_STARTED -> new Outcome.Unreachable(ended.said());
            case UNKNOWN ->
                new Outcome.Unsettled("it is not known whether the command set " + percent + " %: " + ended.said());
        };
    }

    private static Outcome nothingChanged(OperatorCommand.Ended ended) {
        return new Outcome.Refused("the command changed nothing: " + ended.said());
    }

    @Override
    public ReadBack readBack(DnsPlan plan, Duration deadline) {
        return watch.await(plan, deadline);
    }

    /** Why the command is not run; null: it is to be. */
    private @Nullable Outcome before(DnsPlan plan) {
        if (plan.isDone()) return new Outcome.AlreadyDone("zone " + zone + " is as planned; nothing to do");
        View view = watch.observe(zone).primary();
        if (!(view instanceof View.Seen seen)) return new Outcome.Unreachable(((View.Unseen) view).reason());
        if (Watch.lacking(plan, seen).isEmpty())
            return new Outcome.AlreadyDone("dns server " + seen.server() + " shows the planned state already");
        for (DnsPlan.Change change : plan.changes())
            if (!seen.has(change.expected()))
                return new Outcome.Conflict("dns server " + seen.server() + " does not show " + change.expected()
                        + " any more (another writer?); observe and plan again");
        return null;
    }

    private Outcome run(DnsPlan plan) {
        OperatorCommand.Ended ended = command.run(plan);
        return switch (ended.how()) {
            case DONE ->
                watch.awaitPrimary(plan, Duration.ZERO)
                        ? new Outcome.Accepted("the command made the change: " + ended.said())
                        : new Outcome.Pending(
                                "the command took the change, and no server shows it yet: " + ended.said());
            case NOTHING_CHANGED -> nothingChanged(ended);
            case NOT_STARTED -> new Outcome.Unreachable(ended.said());
            case UNKNOWN ->
                watch.awaitPrimary(plan, settle)
                        ? new Outcome.Accepted("the servers show the change, but the command " + ended.said())
                        : new Outcome.Unsettled("the servers have not shown the change in " + settle.toMillis()
                                + " ms, and the command " + ended.said() + "; read on before anything else");
        };
    }
}
