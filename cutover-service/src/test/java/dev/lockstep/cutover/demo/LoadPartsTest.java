package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LoadPartsTest {

    @Nested
    class APacer {

        private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
        private final Pacer pacer = new Pacer(100, Duration.ofSeconds(1), nanos::get);

        @Test
        void spacesTransactionsEvenly() {
            assertThat(pacer.due()).isEqualTo(5_000_000_000L);
            assertThat(pacer.due()).isEqualTo(5_010_000_000L);
            assertThat(pacer.due()).isEqualTo(5_020_000_000L);
        }

        @Test
        void catchesUpWhatAShortStallHeldBack() {
            pacer.due();
            nanos.addAndGet(500_000_000L);

            assertThat(pacer.due()).isEqualTo(5_010_000_000L);
        }

        @Test
        void forgetsWhatLiesBehindTheBound() {
            pacer.due();
            nanos.addAndGet(60_000_000_000L);

            assertThat(pacer.due()).isEqualTo(64_000_000_000L);
            assertThat(pacer.due()).isEqualTo(64_010_000_000L);
        }

        @Test
        void endsWhenStopped() throws InterruptedException {
            pacer.stop();

            assertThat(pacer.take()).isFalse();
        }
    }

    @Nested
    class AResolvedAddress {

        private Instant now = Instant.EPOCH;
        private String answer = "127.0.0.1";
        private boolean silent;
        private int questions;
        private final ResolvedAddress address = new ResolvedAddress(
                () -> {
                    questions++;
                    if (silent) throw new IOException("nobody answers");
                    return new Resolver.Answer(answer, Duration.ofSeconds(5));
                },
                ((InstantSource) () -> now).withZone(ZoneOffset.UTC));

        @Test
        void isHeldForItsTtlAndNotLonger() throws IOException {
            address.get();
            answer = "127.0.0.2";

            now = Instant.EPOCH.plusMillis(4_999);
            assertThat(address.get()).isEqualTo("127.0.0.1");
            assertThat(questions).isEqualTo(1);
            now = Instant.EPOCH.plusMillis(5_000);
            assertThat(address.get()).isEqualTo("127.0.0.2");
        }

        @Test
        void outlivesASilentServerAndIsAskedForAgainSoon() throws IOException {
            address.get();
            silent = true;
            now = Instant.EPOCH.plusSeconds(5);
            assertThat(address.get()).isEqualTo("127.0.0.1");

            silent = false;
            answer = "127.0.0.2";
            now = Instant.EPOCH.plusSeconds(6);

            assertThat(address.get()).isEqualTo("127.0.0.2");
        }

        @Test
        void isAnErrorAsLongAsThereWasNoAnswer() {
            silent = true;

            assertThatThrownBy(address::get).isInstanceOf(IOException.class);
            assertThatThrownBy(address::get).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aVersionMapHoldsWhatAHashMapHolds() {
        Random random = new Random(1);
        VersionMap map = new VersionMap();
        Map<Long, Long> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long key = 1 + random.nextInt(60_000);
            long version = random.nextLong() | 1;
            map.put(key, version);
            expected.put(key, version);
        }

        Map<Long, Long> actual = new HashMap<>();
        map.forEach(actual::put);
        assertThat(actual).isEqualTo(expected);
        assertThat(map.size()).isEqualTo(expected.size());
        expected.forEach((key, version) -> assertThat(map.get(key)).isEqualTo(version));
        assertThat(map.get(70_000)).isZero();
    }

    @Test
    void workersShareTheSeededRowsWithoutOverlapAndLeaveOneProductAlone() {
        SeededShop seeded = new SeededShop(100, 50, 30);
        Random random = new Random(1);
        Set<Long> all = new HashSet<>();
        for (int worker = 0; worker < 4; worker++) {
            SeededShop.Share share = new SeededShop.Share(worker, 4);
            Set<Long> own = new HashSet<>();
            for (int i = 0; i < 2_000; i++)
                own.add(seeded.product(share, random).orElseThrow());
            assertThat(all).doesNotContainAnyElementsOf(own);
            all.addAll(own);
        }

        assertThat(all).hasSize(49).doesNotContain(Shop.UNTOUCHED_PRODUCT).contains(2L, 50L);
        assertThat(new SeededShop(0, 0, 0).customer(new SeededShop.Share(0, 4), random))
                .isEmpty();
    }

    @Test
    void onlyARefusalByTheServerSaysSurelyThatACommitChangedNothing() {
        assertThat(Outcomes.surelyNotCommitted(new SQLException("serialization", "40001")))
                .isTrue();
        assertThat(Outcomes.surelyNotCommitted(new SQLException("read only", "25006")))
                .isTrue();
        assertThat(Outcomes.surelyNotCommitted(new SQLException("--read-only", "HY000", 1290)))
                .isTrue();

        assertThat(Outcomes.surelyNotCommitted(new SQLException("completion unknown", "40003")))
                .isFalse();
        assertThat(Outcomes.surelyNotCommitted(new SQLException("connection broke", "08006")))
                .isFalse();
        assertThat(Outcomes.surelyNotCommitted(new SQLException("terminated", "57P01")))
                .isFalse();
        assertThat(Outcomes.surelyNotCommitted(new SQLException("no state"))).isFalse();
    }

    @Test
    void aDestinationDoesNotShowItsPassword() {
        assertThat(new Destination("jdbc:postgresql://h/shop", "u", "hunter2").toString())
                .doesNotContain("hunter2");
    }
}
