package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.testing.TestClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Ledger ledger = new Ledger(clock);
    private final Map<ShopTable, VersionMap> database = new EnumMap<>(ShopTable.class);

    @Test
    void aRowAsAcknowledgedIsNotLost() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));
        there(1, 10);

        assertThat(audit()).isEqualTo(new Audit(1, 0, 0, java.util.List.of()));
        assertThat(audit().passed()).isTrue();
    }

    @Test
    void aRowThatIsNotThereIsLostByName() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));

        assertThat(audit().firstLost())
                .containsExactly("shop.orders (1): version 10 was acknowledged, the row is not there");
        assertThat(audit().passed()).isFalse();
    }

    @Test
    void anOlderOrForeignVersionIsLost() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));
        ledger.acknowledged("a", wrote(11, 1));
        there(1, 10);

        assertThat(audit().firstLost())
                .containsExactly("shop.orders (1): version 11 was acknowledged, version 10 is there");
        there(1, 12);
        assertThat(audit().lost()).isEqualTo(1);
    }

    @Test
    void theNewestTokenCountsHoweverOutcomesAreNoted() throws SQLException {
        ledger.acknowledged("a", wrote(11, 1));
        ledger.acknowledged("a", wrote(10, 1));
        there(1, 11);

        assertThat(audit().lost()).isZero();
    }

    @Test
    void aRowThatShouldBeGoneButIsThereIsLost() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));
        ledger.acknowledged("a", deleted(11, 1));
        assertThat(audit().lost()).isZero();

        there(1, 10);

        assertThat(audit().firstLost()).containsExactly("shop.orders (1): was deleted, version 10 is there");
    }

    @Test
    void anUnknownOutcomeAfterwardsMakesBothStatesGood() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));
        ledger.unknown(wrote(11, 1));

        there(1, 10);
        assertThat(audit().lost()).isZero();
        there(1, 11);
        assertThat(audit().lost()).isZero();
        there(1, 12);
        assertThat(audit().lost()).isEqualTo(1);
        assertThat(ledger.unknown()).isEqualTo(1);
    }

    @Test
    void anUnknownDeletionMakesAMissingRowGood() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));
        assertThat(audit().lost()).isEqualTo(1);

        ledger.unknown(deleted(11, 1));

        assertThat(audit().lost()).isZero();
    }

    @Test
    void anAcknowledgedWriteSettlesWhatWasUnknownBefore() throws SQLException {
        ledger.unknown(wrote(10, 1));
        ledger.acknowledged("a", wrote(11, 1));

        there(1, 10);
        assertThat(audit().lost()).isEqualTo(1);
    }

    @Test
    void anUnknownInsertNeedNotBeThere() throws SQLException {
        ledger.unknown(wrote(10, 1));

        assertThat(audit().lost()).isZero();
        there(1, 10);
        assertThat(audit().lost()).isZero();
    }

    @Test
    void tellsTheVersionToExpectOnlyWhenThereIsExactlyOne() {
        assertThat(ledger.expected(ShopTable.ORDERS, 1)).isEmpty();
        ledger.acknowledged("a", wrote(10, 1));
        assertThat(ledger.expected(ShopTable.ORDERS, 1)).hasValue(10);
        ledger.unknown(wrote(11, 1));
        assertThat(ledger.expected(ShopTable.ORDERS, 1)).isEmpty();
        ledger.acknowledged("a", wrote(12, 1));
        assertThat(ledger.expected(ShopTable.ORDERS, 1)).hasValue(12);
        ledger.acknowledged("a", deleted(13, 1));
        assertThat(ledger.expected(ShopTable.ORDERS, 1)).isEmpty();
    }

    @Test
    void aContradictionIsALossEvenWhenANewerWriteCoversIt() throws SQLException {
        ledger.acknowledged("a", wrote(10, 1));
        ledger.contradicted(ShopTable.ORDERS, 1, 10);
        ledger.acknowledged("a", wrote(11, 1));
        there(1, 11);

        assertThat(audit().lost()).isEqualTo(1);
        assertThat(audit().firstLost().get(0)).startsWith("shop.orders (1): version 10 was acknowledged");
    }

    @Test
    void linesOfAnOrderAreRowsOfTheirOwn() throws SQLException {
        Writes writes = new Writes(10);
        writes.wrote(ShopTable.ORDER_ITEMS, ShopTable.item(7, 1));
        writes.wrote(ShopTable.ORDER_ITEMS, ShopTable.item(7, 2));
        ledger.acknowledged("a", writes);
        content(ShopTable.ORDER_ITEMS).put(ShopTable.item(7, 1), 10);

        assertThat(audit().firstLost())
                .containsExactly("shop.order_items (7, 2): version 10 was acknowledged, the row is not there");
    }

    @Test
    void thePauseIsTheGapAcrossTheSwitchAndNotAnyOther() {
        commitAfter(0, "a");
        commitAfter(5000, "a");
        commitAfter(10, "a");
        commitAfter(700, "b");
        commitAfter(20, "b");

        assertThat(ledger.pause()).isEqualTo(Duration.ofMillis(700));
        assertThat(ledger.longestGap()).isEqualTo(Duration.ofMillis(5000));
        assertThat(ledger.acknowledgedByAddress()).containsOnly(Map.entry("a", 3L), Map.entry("b", 2L));
    }

    @Test
    void withoutASwitchThereIsNoPause() {
        commitAfter(0, "a");
        commitAfter(900, "a");

        assertThat(ledger.pause()).isZero();
    }

    @Test
    void keepsTheNewestErrorsAndCountsThemAll() {
        for (int i = 0; i < 10_001; i++) ledger.failed("a", "08006", "error " + i);

        assertThat(ledger.errors()).isEqualTo(10_001);
        assertThat(ledger.failures()).hasSize(10_000);
        assertThat(ledger.failures().get(0)).isEqualTo(new Ledger.Failure(clock.instant(), "a", "08006", "error 1"));
    }

    private void commitAfter(long millis, String address) {
        clock.advance(Duration.ofMillis(millis));
        ledger.acknowledged(address, wrote(1 + clock.millis(), 1));
    }

    private Audit audit() throws SQLException {
        return ledger.audit(this::content);
    }

    private void there(long key, long version) {
        content(ShopTable.ORDERS).put(key, version);
    }

    private VersionMap content(ShopTable table) {
        return database.computeIfAbsent(table, t -> new VersionMap());
    }

    private static Writes wrote(long token, long key) {
        Writes writes = new Writes(token);
        writes.wrote(ShopTable.ORDERS, key);
        return writes;
    }

    private static Writes deleted(long token, long key) {
        Writes writes = new Writes(token);
        writes.deleted(ShopTable.ORDERS, key);
        return writes;
    }
}
