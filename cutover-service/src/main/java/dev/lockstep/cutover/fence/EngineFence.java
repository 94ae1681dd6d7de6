package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.migration.FenceRules;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engines' fences share: a session for each call, and a state for whatever comes of it. Whom it closes by name is kept, so a fence
 * with other rules opens it again, and does not say that it is lowered before.
 */
abstract sealed class EngineFence implements Fence permits PostgresFence, MySqlFence {

    private static final Logger LOG = LoggerFactory.getLogger(EngineFence.class);

    final Server server;
    final FenceProbe probe;
    final FenceRules rules;

    EngineFence(Server server, FenceProbe probe, FenceRules rules) {
        this.server = server;
        this.probe = probe;
        this.rules = rules;
    }

    /** What Lockstep's user must hold, for the message when it does not. */
    abstract String grants();

    abstract void prepare(Connection connection) throws SQLException;

    /** Stops writes as far as that goes until the deadline; what is left to wish for, the state says. */
    abstract List<String> raise(Connection connection, Deadline deadline) throws SQLException;

    abstract List<String> lower(Connection connection, Deadline deadline) throws SQLException;

    abstract FenceState state(Connection connection) throws SQLException;

    abstract Set<String> openTransactions(Connection connection) throws SQLException;

    Set<String> outOfReach(Connection connection) throws SQLException {
        return Set.of();
    }

    abstract boolean exists(Connection connection, String account) throws SQLException;

    abstract boolean isLocked(Connection connection, String account) throws SQLException;

    abstract void lock(Connection connection, String account, boolean locked) throws SQLException;

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
        return act("raised", connection -> {
            keep(connection); // before anything is closed, so that whoever lowers it knows of it
            lock(connection, rules.lockOut(), true); // so that nobody whose session is ended comes back
            return raise(connection, server.deadline());
        });
    }

    @Override
    public final FenceState lower() {
        return act("lowered", connection -> {
            lock(connection, lockedOut(connection), false);
            return lower(connection, server.deadline());
        });
    }

    @Override
    public final FenceState observe() {
        try (Connection connection = server.connect()) {
            return whole(connection);
        } catch (SQLException e) {
            return unknown(e);
        }
    }

    @Override
    public final Set<String> openTransactions() {
        return see("open transactions", this::openTransactions);
    }

    @Override
    public final Set<String> outOfReach() {
        return see("sessions", this::outOfReach);
    }

    private interface Sight {
        Set<String> of(Connection connection) throws SQLException;
    }

    private Set<String> see(String what, Sight sight) {
        try (Connection connection = server.connect()) {
            return sight.of(connection);
        } catch (SQLException e) {
            throw new FenceException(what + " of " + server.where() + " cannot be seen: " + FenceProbe.words(e), e);
        }
    }

    private void keep(Connection connection) throws SQLException {
        if (rules.lockOut().isEmpty() && rules.roles().isEmpty()) return;
        if (!Kept.isPrepared(connection)) prepare(connection);
        Kept.ACCOUNT.add(connection, rules.lockOut());
        Kept.ROLE.add(connection, rules.roles());
    }

    /** Those of the file, and those that were when it was raised and are there still. */
    private Set<String> lockedOut(Connection connection) throws SQLException {
        Set<String> all = new LinkedHashSet<>(rules.lockOut());
        for (String account : Kept.ACCOUNT.names(connection)) if (exists(connection, account)) all.add(account);
        return all;
    }

    private void lock(Connection connection, Collection<String> accounts, boolean locked) throws SQLException {
        for (String account : accounts) if (isLocked(connection, account) != locked) lock(connection, account, locked);
    }

    /** The engine's state, and the accounts that are locked out with it. */
    private FenceState whole(Connection connection) throws SQLException {
        FenceState state = state(connection);
        List<String> reasons = new ArrayList<>();
        for (String account : lockedOut(connection)) {
            boolean locked = isLocked(connection, account);
            if (state instanceof FenceState.Raised && !locked && rules.lockOut().contains(account))
                reasons.add("account " + account + " can log in; raise the fence again");
            if (state instanceof FenceState.Lowered && locked)
                reasons.add("account " + account + " is still locked; lower the fence again");
        }
        return reasons.isEmpty() ? state : new FenceState.Partial(reasons);
    }

    @Override
    public final Probe probe() {
        return probe.run();
    }

    /** A fence that keeps Lockstep out as well would stand until somebody noticed: no barrier could be written. */
    final List<String> ownWrite(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.update(connection, FenceProbe.WRITE);
            return List.of();
        } catch (SQLException e) {
            return List.of("Lockstep's user " + server.user() + " cannot write: " + FenceProbe.words(e) + "; it needs "
                    + grants());
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private interface Act {
        List<String> on(Connection connection) throws SQLException;
    }

    /** What failed on the way is named only where the state is not as wished. */
    private FenceState act(String what, Act act) {
        try (Connection connection = server.connect()) {
            List<String> failures = act.on(connection);
            FenceState state = with(failures, whole(connection));
            if (state instanceof FenceState.Lowered) Kept.clear(connection);
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
