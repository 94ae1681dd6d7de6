package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.util.List;

/** Where the two sides are: an A record holds no port, so the addresses must differ. */
record Addresses(String source, String target) {

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "127.0.0.2");

    /**
     * One's own servers are where they are; the started ones take loopback addresses that are left.
     *
     * @throws ConfigurationException if both own servers share an address
     */
    static Addresses of(WorldConfig config) {
        String source =
                config.source().isStarted() ? "" : Site.of(config.source()).address();
        String target =
                config.target().isStarted() ? "" : Site.of(config.target()).address();
        if (source.isEmpty()) source = free(target);
        if (target.isEmpty()) target = free(source);
        if (source.equals(target))
            throw new ConfigurationException("source and target are both at " + source
                    + ", and an A record cannot tell them apart: give them addresses of their own, on one machine for example "
                    + String.join(" and ", LOOPBACK));
        return new Addresses(source, target);
    }

    private static String free(String taken) {
        return LOOPBACK.stream().filter(a -> !a.equals(taken)).findFirst().orElseThrow();
    }
}
