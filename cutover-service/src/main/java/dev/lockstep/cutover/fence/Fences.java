package dev.lockstep.cutover.fence;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CutoverRules;

/** The fence for an engine. */
public final class Fences {

    private Fences() {}

    /**
     * PostgreSQL: of the one database. MySQL and MariaDB: of the whole server, which is the narrowest that they have. Asks nobody yet.
     *
     * @param rules the deadline for raising and lowering is the write pause's budget; the application's user is who the probe writes as
     * @throws ConfigurationException if the application comes as Lockstep's own user, whom no fence keeps out
     */
    public static Fence of(Endpoint endpoint, CutoverRules rules) {
        if (endpoint.user().equals(rules.applicationUser()))
            throw new ConfigurationException("cutover.applicationUser: " + rules.applicationUser()
                    + " is Lockstep's own user too, whom no fence can keep out; give each its own");
        Server server = new Server(endpoint, rules.writePauseBudget());
        FenceProbe probe = new FenceProbe(endpoint, rules);
        return endpoint.dialect().engine().equals("postgresql")
                ? new PostgresFence(server, probe)
                : new MySqlFence(server, probe);
    }
}
