package dev.lockstep.stream.apply;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** What tests ask a running applier. */
final class ApplierReads {

    private ApplierReads() {}

    /** Waits until it has applied a barrier; fails if it ends before. */
    static void awaitBarrier(Applier applier, long micros) {
        await().atMost(Duration.ofSeconds(60)).until(() -> barrier(applier) == micros);
    }

    /** Whether it has applied a barrier, or a later one; fails if it has ended. */
    static boolean hasReached(Applier applier, long micros) {
        return barrier(applier) >= micros;
    }

    private static long barrier(Applier applier) {
        applier.failure().ifPresent(e -> {
            throw new AssertionError("the applier failed", e);
        });
        return applier.progress().barrierMicros();
    }

    static DeadLetters letters(Applier applier) {
        return applier.deadLetters().orElseThrow();
    }

    /** The rows that are set aside: key and newest operation. */
    static List<String> open(Applier applier) {
        return letters(applier).open().stream()
                .map(letter -> letter.key().display().replaceAll("[()]", "") + " "
                        + letter.newest().operation())
                .toList();
    }
}
