package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.time.Duration;

/** Asks for the address of the application's database. */
public interface Resolver {

    /**
     * @param address an IPv4 address
     * @param ttl for how long it may be used without asking again
     */
    record Answer(String address, Duration ttl) {}

    /**
     * Asks now; remembers nothing.
     *
     * @throws IOException if no answer came or it holds no address
     */
    Answer resolve() throws IOException;
}
