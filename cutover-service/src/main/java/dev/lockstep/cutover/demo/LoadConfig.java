package dev.lockstep.cutover.demo;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * The application.
 *
 * @param resolver asks for its database's address
 * @param destinations how to reach the database at an address
 * @param workers connections that it keeps, 1 to 64
 * @param rate transactions a second that it begins, all workers together
 * @param catchUp how much of a stall's backlog it makes up for afterwards
 * @param seed of its choices
 */
public record LoadConfig(
        Resolver resolver,
        Map<String, Destination> destinations,
        int workers,
        double rate,
        Duration catchUp,
        long seed,
        Clock clock) {

    public LoadConfig {
        destinations = Map.copyOf(destinations);
        if (workers < 1 || workers > 64) throw new IllegalArgumentException("workers: 1 to 64, not " + workers);
    }

    public static LoadConfig of(Resolver resolver, Map<String, Destination> destinations, double rate) {
        return new LoadConfig(resolver, destinations, 4, rate, Duration.ofSeconds(1), 42, Clock.systemUTC());
    }
}
