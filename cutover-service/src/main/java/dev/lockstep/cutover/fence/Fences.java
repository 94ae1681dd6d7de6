package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.FenceRules;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import org.jspecify.annotations.Nullable;

/** The fence for an engine. */
public final class Fences {

    private Fences() {}

    /** One side's, as the migration file wants it. */
    public static Fence of(Migration migration, Side side) {
        FenceRules.Sides sides = migration.cutover().fence();
        return of(migration.on(side), migration.cutover(), side == Side.SOURCE ? sides.source() : sides.target());
    }

    /** The engine's own. */
    static Fence of(Endpoint endpoint, CutoverRules rules) {
        return of(endpoint, rules, FenceRules.DEFAULT);
    }

    /**
     * PostgreSQL: of the one database. MySQL and MariaDB: of the whole server, which is the narrowest that they have. Asks nobody yet.
     *
     * @param rules the deadline for raising and lowering is the write pause's budget; the application's user is who the probe writes as
     * @throws ConfigurationException if the application comes as Lockstep's own user, whom no fence keeps out
     */
    static Fence of(Endpoint endpoint, CutoverRules rules, FenceRules fence) {
        refuseOwnUser(endpoint, "cutover.applicationUser", rules.applicationUser());
        for (String account : fence.lockOut()) refuseOwnUser(endpoint, "cutover.fence: lockOut", account);
        EngineFence engine = engine(endpoint, rules, fence);
        return fence.isCommand() ? new CommandFence(engine, fence) : engine;
    }

    private static EngineFence engine(Endpoint endpoint, CutoverRules rules, FenceRules fence) {
        Server server = new Server(endpoint, rules.writePauseBudget());
        FenceProbe probe = new FenceProbe(endpoint, rules, fence);
        return endpoint.dialect().engine().equals("postgresql")
                ? new PostgresFence(server, probe, fence)
                : new MySqlFence(server, probe, fence);
    }

    private static void refuseOwnUser(Endpoint endpoint, String key, @Nullable String user) {
        if (endpoint.user().equals(user))
            throw new ConfigurationException(
                    key + ": " + user + " is Lockstep's own user too, whom no fence can keep out; give each its own");
    }
}
