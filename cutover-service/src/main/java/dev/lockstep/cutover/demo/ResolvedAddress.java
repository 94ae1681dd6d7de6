package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The database's address as a well-behaved client holds it: for the answer's TTL, and asked for again when that has run out.
 * While nobody answers, the last address is used on (RFC 8767), and the next question waits a little. Thread-safe.
 */
final class ResolvedAddress {

    private static final Duration PATIENCE = Duration.ofMillis(250);

    private record Held(String address, Instant until) {}

    private final Resolver resolver;
    private final Clock clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Held held;

    ResolvedAddress(Resolver resolver, Clock clock) {
        this.resolver = resolver;
        this.clock = clock;
    }

    /**
     * @throws IOException if there has never been an answer
     */
    String get() throws IOException {
        Held now = held;
        if (now != null && clock.instant().isBefore(now.until())) return now.address();
        // One asks; who has an address meanwhile goes on with it.
        if (now != null && !asking.tryLock()) return now.address();
        if (now == null) asking.lock();
        try {
            Held newer = held;
            return newer != now && newer != null ? newer.address() : ask(now);
        } finally {
            asking.unlock();
        }
    }

    private String ask(@Nullable Held last) throws IOException {
        try {
            Resolver.Answer answer = resolver.resolve();
            held = new Held(answer.address(), clock.instant().plus(answer.ttl()));
            return answer.address();
        } catch (IOException e) {
            if (last == null) throw e;
            held = new Held(last.address(), clock.instant().plus(PATIENCE));
            return last.address();
        }
    }
}
