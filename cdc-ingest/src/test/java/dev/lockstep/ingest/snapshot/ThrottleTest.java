package dev.lockstep.ingest.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final AtomicLong now = new AtomicLong(5_000);

    @Test
    void letsSoManyRowsPassInASecondAndNoMore() throws Exception {
        Throttle throttle = new Throttle(1_000, now::get, wait -> now.addAndGet(wait.toNanos()));
        long begun = now.get();

        for (int i = 0; i < 50; i++) throttle.await(100);

        assertThat((now.get() - begun) / 1e9).isBetween(4.8, 5.0);
    }

    @Test
    void savesNothingUpWhileNobodyReads() throws Exception {
        Throttle throttle = new Throttle(1_000, now::get, wait -> now.addAndGet(wait.toNanos()));
        now.addAndGet(60_000_000_000L);
        long begun = now.get();

        for (int i = 0; i < 11; i++) throttle.await(100);

        assertThat((now.get() - begun) / 1e9).isBetween(0.9, 1.1);
    }

    @Test
    void neverWaitsWithoutABound() throws Exception {
        Throttle throttle = new Throttle(0, now::get, wait -> {
            throw new AssertionError("waited");
        });
        throttle.await(1_000_000);
    }
}
