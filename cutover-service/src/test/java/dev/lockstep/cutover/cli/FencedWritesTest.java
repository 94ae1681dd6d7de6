package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.fence.Fence;
import dev.lockstep.cutover.fence.FenceState;
import dev.lockstep.cutover.fence.Probe;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import dev.lockstep.schemas.migration.Migration.LongTransactions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FencedWritesTest {

    private static final String LONG = "transaction 7 of shop, session 8";

    private final Database database = new Database();

    /** A database with one transaction that ends after so many looks. */
    private static final class Database implements Fence {
        private int looksUntilItEnds = Integer.MAX_VALUE;

        @Override
        public Set<String> openTransactions() {
            return looksUntilItEnds-- > 0 ? Set.of(LONG) : Set.of();
        }

        @Override
        public void prepare() {}

        @Override
        public FenceState raise() {
            return new FenceState.Raised();
        }

        @Override
        public FenceState lower() {
            return new FenceState.Lowered();
        }

        @Override
        public FenceState observe() {
            return new FenceState.Lowered();
        }

        @Override
        public Probe probe() {
            return new Probe.Written();
        }
    }

    @Test
    void waitsForAnOpenTransactionWithinTheLimit() {
        database.looksUntilItEnds = 3;

        writes(LongTransactions.ABORT, Duration.ofSeconds(60)).settle();

        assertThat(database.looksUntilItEnds).isNegative();
    }

    @Test
    void refusesToGoOnWithOneThatOutlastsTheLimitIfTheFileSaysAbort() {
        assertThatThrownBy(() ->
                        writes(LongTransactions.ABORT, Duration.ofMillis(1)).settle())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after 1 ms there are still open on the source: [" + LONG + "]");
    }

    @Test
    void leavesItToTheFenceIfTheFileSaysEnd() {
        assertThatCode(() -> writes(LongTransactions.END, Duration.ofMillis(1)).settle())
                .doesNotThrowAnyException();
    }

    @Test
    void doesNotTakeAFenceForOneThatTheApplicationWritesThrough() {
        assertThatThrownBy(() -> writes(LongTransactions.END, Duration.ZERO).stop())
                .hasMessageContaining("the application's user still writes");
    }

    private FencedWrites writes(LongTransactions then, Duration limit) {
        return new FencedWrites(
                "source",
                database,
                new CutoverRules(null, null, null, null, null, null, null, null, null, null, then, limit, null, null));
    }
}
