package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engines' fences share: a session for each call, and a state for whatever comes of it. */
abstract sealed class EngineFence implements Fence permits PostgresFence, MySqlFence {

    private static final Logger LOG = LoggerFactory.getLogger(EngineFence.class);

    final Server server;
    final FenceProbe probe;

    EngineFence(Server server, FenceProbe probe) {
        this.server = server;
        this.probe = probe;
    }

    /** What Lockstep's user must hold, for the message when it does not. */
    abstract String grants();

    abstract void prepare(Connection connection) throws SQLException;

    /** Stops writes as far as that goes until the deadline; what is left to wish for, the state says. */
    abstract List<String> raise(Connection connection, Deadline deadline) throws SQLException;

    abstract List<String> lower(Connection connection, Deadline deadline) throws SQLException;

    abstract FenceState state(Connection connection) throws SQLException;

    @Override
    public final void prepare() {
        try (Connection connection = server.connect()) {
            prepare(connection);
        } catch (SQLException e) {
            throw new FenceException(
                    "the fence of " + server.where() + " cannot be prepared: " + FenceProbe.words(e) + "; user "
                            + server.user() + " needs " + grants(),
                    e);
        }
    }

    @Override
    public final FenceState raise() {
        return act("raised", connection -> raise(connection, server.deadline()));
    }

    @Override
    public final FenceState lower() {
        return act("lowered", connection -> lower(connection, server.deadline()));
    }

    @Override
    public final FenceState observe() {
        try (Connection connection = server.connect()) {
            return state(connection);
        } catch (SQLException e) {
            return unknown(e);
        }
    }

    @Override
    public final Probe probe() {
        return probe.run();
    }

    private interface Act {
        List<String> on(Connection connection) throws SQLException;
    }

    /** What failed on the way is named only where the state is not as wished. */
    private FenceState act(String what, Act act) {
        try (Connection connection = server.connect()) {
            List<String> failures = act.on(connection);
            FenceState state = with(failures, state(connection));
            LOG.atInfo()
                    .addKeyValue("database", server.where())
                    .addKeyValue("state", state)
                    .log("fence {}", what);
            return state;
        } catch (SQLException e) {
            return unknown(e);
        }
    }

    private FenceState with(List<String> failures, FenceState state) {
        if (!(state instanceof FenceState.Partial partial) || failures.isEmpty()) return state;
        return new FenceState.Partial(java.util.stream.Stream.concat(partial.reasons().stream(), failures.stream())
                .distinct()
                .toList());
    }

    private FenceState unknown(SQLException e) {
        return new FenceState.Unknown("the fence of " + server.where() + ": " + FenceProbe.words(e)
                + "; is it up, and does user " + server.user() + " hold " + grants() + "?");
    }
}
