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
        private Probe probe = new Probe.Written();
        private Set<String> outOfReach = Set.of();

        @Override
        public Set<String> openTransactions() {
            return looksUntilItEnds-- > 0 ? Set.of(LONG) : Set.of();
        }

        @Override
        public Set<String> outOfReach() {
            return outOfReach;
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
            return probe;
        }
    }

    @Test
    void waitsForAnOpenTransactionWithinTheLimit() {
        database.looksUntilItEnds = 3;

        writes(LongTransactions.ABORT, Duration.ofSeconds(60)).settle(() -> {});

        assertThat(database.looksUntilItEnds).isNegative();
    }

    @Test
    void doesNotBeginBesideASessionThatNobodyMayEnd() {
        database.looksUntilItEnds = 0;
        database.outOfReach = Set.of("session 9 of postgres");

        assertThatThrownBy(() ->
                        writes(LongTransactions.ABORT, Duration.ofMillis(1)).settle(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be raised beside [session 9 of postgres]");
    }

    @Test
    void waitsNoLongerOnceNobodyWantsTo() {
        assertThatThrownBy(() -> writes(LongTransactions.ABORT, Duration.ofSeconds(60))
                        .settle(() -> {
                            throw new IllegalStateException("given up");
                        }))
                .hasMessage("given up");
    }

    @Test
    void refusesToGoOnWithOneThatOutlastsTheLimitIfTheFileSaysAbort() {
        assertThatThrownBy(() ->
                        writes(LongTransactions.ABORT, Duration.ofMillis(1)).settle(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after 1 ms there are still open on the source: [" + LONG + "]");
    }

    @Test
    void leavesItToTheFenceIfTheFileSaysEnd() {
        assertThatCode(() -> writes(LongTransactions.END, Duration.ofMillis(1)).settle(() -> {}))
                .doesNotThrowAnyException();
    }

    @Test
    void doesNotTakeAFenceForOneThatTheApplicationWritesThrough() {
        assertThatThrownBy(() -> writes(LongTransactions.END, Duration.ZERO).stop())
                .hasMessageContaining("the application's user still writes");
    }

    @Test
    void doesNotBeginWithAFenceThatCannotBeTried() {
        database.probe = new Probe.Inconclusive("user shop cannot connect: 28P01");
        database.looksUntilItEnds = 0;
        FencedWrites writes =
                new FencedWrites("source", database, CutoverRules.application("shop", null, Duration.ofSeconds(10)));

        assertThatThrownBy(() -> writes.settle(() -> {}))
                .isInstanceOf(UntriedFenceException.class)
                .hasMessage("the source's fence cannot be tried: user shop cannot connect: 28P01");
        assertThatThrownBy(writes::stop).hasMessageContaining("is up, but could not be tried");
        database.probe = new Probe.Refused("25006");
        assertThatCode(writes::stop).doesNotThrowAnyException();
    }

    @Test
    void triesNothingIfNobodyHasSaidWhoTheApplicationIs() {
        database.probe = new Probe.Inconclusive("who the application is, is not known");

        assertThatCode(() -> writes(LongTransactions.END, Duration.ZERO).stop()).doesNotThrowAnyException();
    }

    private FencedWrites writes(LongTransactions then, Duration limit) {
        return new FencedWrites(
                "source",
                database,
                new CutoverRules(null, null, null, null, null, null, null, null, null, null, then, limit, null, null));
    }
}
