package dev.lockstep.cutover.fence;

import dev.lockstep.cutover.fence.FenceCommand.Ended;
import dev.lockstep.cutover.operator.OperatorProcess;
import dev.lockstep.schemas.migration.FenceRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A database that a command of the operator's fences, as a managed service may ask for. What it says is tried with the application's user, and
 * with Lockstep's own.
 */
final class CommandFence implements Fence {

    private final EngineFence engine;
    private final FenceCommand command;

    CommandFence(EngineFence engine, FenceRules rules) {
        this.engine = engine;
        this.command = new FenceCommand(new OperatorProcess(rules.command(), rules.timeLimit()));
    }

    @Override
    public void prepare() {
        engine.prepare();
        Ended state = command.run("state");
        if (!state.isStopped() && !state.isOpen())
            throw new FenceException(
                    "the fence's command cannot tell the state of " + engine.server.where() + ": " + state.said()
                            + "; it must end with 0 while writes are stopped and with 1 while they are not",
                    null);
    }

    @Override
    public FenceState raise() {
        FenceState before = observe();
        if (before instanceof FenceState.Raised || before instanceof FenceState.Unknown) return before;
        return after(command.run("stop"));
    }

    @Override
    public FenceState lower() {
        FenceState before = observe();
        if (before instanceof FenceState.Lowered) return before;
        return after(command.run("allow"));
    }

    private FenceState after(Ended act) {
        FenceState state = observe();
        return act.isDone() || !(state instanceof FenceState.Partial partial)
                ? state
                : new FenceState.Partial(with(partial.reasons(), act.said()));
    }

    private static List<String> with(List<String> reasons, String more) {
        List<String> all = new ArrayList<>(reasons);
        all.add(more);
        return all;
    }

    @Override
    public FenceState observe() {
        Ended state = command.run("state");
        if (!state.isStopped() && !state.isOpen())
            return new FenceState.Unknown("the fence's command: " + state.said());
        try (Connection connection = engine.server.connect()) {
            return state.isStopped() ? stopped(connection) : open();
        } catch (SQLException e) {
            return new FenceState.Unknown(
                    "the fence of " + engine.server.where() + " cannot be tried: " + FenceProbe.words(e));
        }
    }

    private FenceState stopped(Connection connection) throws SQLException {
        List<String> reasons = new ArrayList<>(engine.ownWrite(connection));
        Probe probe = probe();
        if (probe instanceof Probe.Written)
            reasons.add("the fence's command says that writes are stopped, but user " + engine.probe.user()
                    + " still writes");
        if (probe instanceof Probe.Inconclusive inconclusive) reasons.add(inconclusive.reason());
        for (String open : engine.openTransactions(connection))
            reasons.add(open + " is still open; the fence's command must end others' sessions");
        return reasons.isEmpty() ? new FenceState.Raised() : new FenceState.Partial(reasons);
    }

    private FenceState open() {
        return probe() instanceof Probe.Refused refused
                ? new FenceState.Partial(List.of("the fence's command says that writes are open, but user "
                        + engine.probe.user() + " is refused: " + refused.how()))
                : new FenceState.Lowered();
    }

    @Override
    public Probe probe() {
        return engine.probe();
    }

    @Override
    public Set<String> openTransactions() {
        return engine.openTransactions();
    }
}
