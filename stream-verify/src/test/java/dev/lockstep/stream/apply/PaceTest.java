package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration MOMENT = Duration.ofMillis(30);

    @Test
    void keepsNoFailureBackWhileItIsHeld() throws Exception {
        Pace pace = new Pace(0, true, new CountDownLatch(1), System::nanoTime);

        assertThat(pace.await(CompletableFuture.completedFuture(1), MOMENT)).isFalse();
        assertThat(pace.await(CompletableFuture.failedFuture(new ApplyException("refused")), MOMENT))
                .isTrue();
        pace.hold(false);
        assertThat(pace.await(CompletableFuture.completedFuture(1), MOMENT)).isTrue();
    }
}
