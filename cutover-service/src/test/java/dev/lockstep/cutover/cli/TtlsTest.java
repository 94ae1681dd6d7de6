package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.flip.TcpProxy;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.gate.CachedTtl;
import dev.lockstep.cutover.gate.Verdict;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a TTL of an hour down, through the flip and back, on a real zone. */
@SuppressWarnings("NullAway.Init")
class TtlsTest {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private DnsWorld shop;
    private DnsFiles files;

    @BeforeEach
    void start() {
        shop = new DnsWorld(directory, "shop", HOUR.toSeconds());
        files = new DnsFiles(directory.resolve("state"));
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void theGateWaitsForTheOldTtlToRunOutSinceTheServersShowTheLowerOne() {
        assertThat(gate(Instant.now())).isInstanceOf(Verdict.Closed.class);
        files = new DnsFiles(directory.resolve("fresh")); // as if nobody had looked before
        Instant before = Instant.now();

        assertThat(lower(shop.zone(), 20)).isEmpty();

        assertThat(shop.shown().ttl()).isEqualTo(20);
        assertThat(gate(before.plus(HOUR).minusMillis(1))).isInstanceOf(Verdict.Closed.class);
        assertThat(gate(Instant.now().plus(HOUR))).isEqualTo(Verdict.OPEN);
    }

    @Test
    void theGateRemembersALongTtlThatSomebodyElseLowered() {
        assertThat(gate(Instant.now())).isInstanceOf(Verdict.Closed.class);
        DnsFiles elsewhere = new DnsFiles(directory.resolve("elsewhere"));
        Ttls byHand = new Ttls(List.of(shop.zone()), elsewhere, CLOCK, Duration.ofSeconds(10));
        byHand.sendLower(byHand.lower(zone -> Duration.ofSeconds(20)));

        assertThat(gate(Instant.now())).isInstanceOf(Verdict.Closed.class);
        assertThat(gate(Instant.now().plus(HOUR))).isEqualTo(Verdict.OPEN);
    }

    @Test
    void isUnknownWhileNobodySawTheLowerTtlEverywhereAndDoingItAgainSettlesIt() throws Exception {
        try (TcpProxy proxy = new TcpProxy(shop.address(), (update, server) -> null)) {
            assertThat(lower(shop.zone(proxy.address()), 20)).isNotEmpty();
        }
        Instant before = Instant.now();
        assertThat(new DnsLook(List.of(shop.zone()), files).look(before).ttl()).isInstanceOf(CachedTtl.Unseen.class);

        assertThat(lower(shop.zone(), 20)).isEmpty();

        assertThat(gate(before.plus(HOUR).minusMillis(1))).isInstanceOf(Verdict.Closed.class);
        assertThat(gate(Instant.now().plus(HOUR))).isEqualTo(Verdict.OPEN);
    }

    @Test
    void restoresTheFirstOriginalHoweverOftenItWasLowered() {
        Instant before = Instant.now();
        lower(shop.zone(), 300);
        lower(shop.zone(), 20);
        assertThat(gate(before.plus(HOUR).minusMillis(1)))
                .as("the first one's old TTL is the longest")
                .isInstanceOf(Verdict.Closed.class);

        assertThat(restore()).isEmpty();

        assertThat(shop.shown().ttl()).isEqualTo(3600);
        assertThat(shop.shown().values()).containsExactly("127.0.0.2");
        assertThat(ttls(shop.zone()).restore()).as("nothing is kept any more").isEmpty();
    }

    @Test
    void givesTheFlipsValuesTheOriginalTtl() {
        lower(shop.zone(), 20);
        flip(shop.zone(), Direction.FORWARD);

        assertThat(restore()).isEmpty();

        assertThat(shop.shown().values()).containsExactly("127.0.0.3");
        assertThat(shop.shown().ttl()).isEqualTo(3600);
    }

    @Test
    void givesTheOriginalTtlBackAfterTheWayBackThoughTheFlipHadOneOfItsOwn() {
        Zone zone = Zone.of(List.of(shop.rules(shop.address(), 7L)), CLOCK).get(0);
        flip(zone, Direction.FORWARD);
        assertThat(shop.shown().ttl()).isEqualTo(7);
        flip(zone, Direction.REVERSE);

        assertThat(restore()).isEmpty();

        assertThat(shop.shown().values()).containsExactly("127.0.0.2");
        assertThat(shop.shown().ttl()).isEqualTo(3600);
    }

    private void flip(Zone zone, Direction direction) {
        DnsTraffic traffic = new DnsTraffic(List.of(zone), files, CLOCK, Duration.ofSeconds(10));
        assertThat(traffic.flip(direction, Deadline.in(CLOCK, Duration.ofSeconds(30))))
                .isInstanceOf(FlipResult.Done.class);
    }

    private Verdict gate(Instant at) {
        return new DnsLook(List.of(shop.zone()), files)
                .look(Instant.now())
                .ttl()
                .verdict(at);
    }

    private List<String> lower(Zone zone, int seconds) {
        Ttls ttls = ttls(zone);
        List<Step> steps = ttls.lower(any -> Duration.ofSeconds(seconds));
        return ttls.sendLower(steps);
    }

    private List<String> restore() {
        Ttls ttls = ttls(shop.zone());
        return ttls.sendRestore(ttls.restore());
    }

    private Ttls ttls(Zone zone) {
        return new Ttls(List.of(zone), files, CLOCK, Duration.ofSeconds(1));
    }
}
