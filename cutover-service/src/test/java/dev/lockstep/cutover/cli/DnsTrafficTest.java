package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.DnsProvider;
import dev.lockstep.cutover.flip.Observed;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.ReadBack;
import dev.lockstep.cutover.flip.TcpProxy;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.DnsAtomicity;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two zones that move together, each on a server of its own. */
@SuppressWarnings("NullAway.Init")
class DnsTrafficTest {

    private static final List<String> OLD = List.of("127.0.0.2");
    private static final List<String> NEW = List.of("127.0.0.3");

    @TempDir
    Path directory;

    private DnsWorld shop;
    private DnsWorld bank;
    private Instant now = Instant.now();
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    @BeforeEach
    void start() {
        shop = new DnsWorld(directory, "shop", 20);
        bank = new DnsWorld(directory, "bank", 20);
    }

    @AfterEach
    void stop() {
        shop.close();
        bank.close();
    }

    @Test
    void movesAllZonesThereAndBack() {
        DnsTraffic traffic = traffic(shop.zone(), bank.zone());

        FlipResult there = traffic.flip(Direction.FORWARD, inTime());

        assertThat(there)
                .isInstanceOfSatisfying(
                        FlipResult.Done.class,
                        done -> assertThat(done.dns().after())
                                .contains("db.shop.test. A 127.0.0.3 (ttl 20)", "db.bank.test. A 127.0.0.3 (ttl 20)"));
        assertThat(traffic.look(Direction.FORWARD)).isInstanceOf(FlipResult.Done.class);
        assertThat(traffic.flip(Direction.REVERSE, inTime())).isInstanceOf(FlipResult.Done.class);
        assertThat(shop.shown().values()).isEqualTo(OLD);
        assertThat(bank.shown().values()).isEqualTo(OLD);
    }

    @Test
    void tellsForHowLongCachesMayNameWhatTheTrafficLeft() {
        DnsTraffic traffic = traffic(shop.zone(), bank.zone());
        FlipResult there = traffic.flip(Direction.FORWARD, inTime());
        new DnsFiles(directory).save(new DnsFiles.Drains(Map.of("bank.test.", now.plusSeconds(300))));

        FlipResult back = traffic.flip(Direction.REVERSE, inTime());

        assertThat(cachedSeconds(there)).hasValue(30); // of the AAAA record
        assertThat(cachedSeconds(back)).hasValue(301); // a longer TTL was seen not long ago
        assertThat(cachedSeconds(traffic.look(Direction.REVERSE))).hasValue(301);
    }

    private static OptionalLong cachedSeconds(FlipResult result) {
        return ((FlipResult.Done) result).dns().cachedSeconds();
    }

    @Test
    void takesTheFirstZoneBackWhenTheSecondOnesServerGoesDownBetweenThem() {
        DnsTraffic traffic = traffic(afterwards(shop.zone(), bank::close), bank.zone());

        FlipResult result = traffic.flip(Direction.FORWARD, inTime());

        assertThat(result)
                .isInstanceOfSatisfying(
                        FlipResult.NotDone.class,
                        not -> assertThat(not.reason())
                                .contains(
                                        bank.address(),
                                        "cannot be reached",
                                        "zone shop.test. moved before and was taken back"));
        assertThat(shop.shown().values()).isEqualTo(OLD);
        assertThat(shop.shown().ttl()).isEqualTo(20);
    }

    @Test
    void takesTheFirstZoneBackAtOnceWhenTheSecondOnesKeyIsUnknown() {
        FlipResult result = traffic(shop.zone(), bank.signedBy("stranger.key")).flip(Direction.FORWARD, inTime());

        assertThat(result)
                .isInstanceOfSatisfying(
                        FlipResult.NotDone.class,
                        not -> assertThat(not.reason()).contains("BADKEY", "stranger.key", "was taken back"));
        assertThat(shop.shown().values()).isEqualTo(OLD);
    }

    @Test
    void sendsNothingAtAllWhenOneZoneCannotBeRead() {
        bank.close();

        FlipResult result = traffic(shop.zone(), bank.zone()).flip(Direction.FORWARD, inTime());

        assertThat(result)
                .isInstanceOfSatisfying(
                        FlipResult.NotDone.class,
                        not -> assertThat(not.reason()).contains("not safe", bank.address()));
        assertThat(shop.shown().values()).isEqualTo(OLD);
    }

    @Test
    void takesBackWhatMovedWhenTheBudgetIsSpentBetweenTwoZones() {
        DnsTraffic traffic = traffic(afterwards(shop.zone(), () -> now = now.plusSeconds(60)), bank.zone());

        FlipResult result = traffic.flip(Direction.FORWARD, inTime());

        assertThat(result)
                .isInstanceOfSatisfying(
                        FlipResult.NotDone.class,
                        not -> assertThat(not.reason()).contains("no time is left"));
        assertThat(shop.shown().values()).isEqualTo(OLD);
        assertThat(bank.shown().values()).isEqualTo(OLD);
    }

    @Test
    void takesBackAfterACrashBetweenTwoZones() {
        Zone first = shop.zone();
        assertThat(first.move(false).apply()).isInstanceOf(Outcome.Accepted.class);

        FlipResult result = traffic(first, bank.zone()).look(Direction.FORWARD);

        assertThat(result)
                .isInstanceOfSatisfying(
                        FlipResult.NotDone.class,
                        not -> assertThat(not.reason()).contains("only some zones"));
        assertThat(shop.shown().values()).isEqualTo(OLD);
    }

    @Test
    void takesANameThatIsNewBackAfterACrashBetweenTwoZones() {
        Zone first = shop.withNewName();
        assertThat(first.move(false).apply()).isInstanceOf(Outcome.Accepted.class);

        FlipResult result = traffic(first, bank.zone()).look(Direction.FORWARD);

        assertThat(result).isInstanceOf(FlipResult.NotDone.class);
        assertThat(first.move(true).plan().isDone()).isTrue();
    }

    @Test
    void movesANameThatIsNewThereAndBack() {
        DnsTraffic traffic = traffic(shop.withNewName());

        assertThat(traffic.flip(Direction.FORWARD, inTime())).isInstanceOf(FlipResult.Done.class);
        assertThat(traffic.flip(Direction.REVERSE, inTime())).isInstanceOf(FlipResult.Done.class);
        assertThat(traffic.look(Direction.REVERSE)).isInstanceOf(FlipResult.Done.class);
    }

    @Test
    void believesALostAnswerOnceTheServersShowTheChange() throws Exception {
        TcpProxy.Fault swallowsTheAnswer = (update, server) -> {
            server.ask(update);
            return null;
        };
        try (TcpProxy proxy = new TcpProxy(bank.address(), swallowsTheAnswer)) {
            FlipResult result = traffic(shop.zone(), bank.zone(proxy.address())).flip(Direction.FORWARD, inTime());

            assertThat(result).isInstanceOf(FlipResult.Done.class);
            assertThat(bank.shown().values()).isEqualTo(NEW);
        }
    }

    @Test
    void takesNothingBackWhileALostUpdateMayStillLand() throws Exception {
        try (TcpProxy proxy = new TcpProxy(bank.address(), (update, server) -> null)) {
            DnsTraffic traffic = traffic(shop.zone(), bank.zone(proxy.address()));

            assertThat(traffic.flip(Direction.FORWARD, inTime()))
                    .isInstanceOfSatisfying(
                            FlipResult.Unsettled.class,
                            unsettled -> assertThat(unsettled.reason()).contains("was lost", bank.address()));
            assertThat(traffic.look(Direction.FORWARD)).isInstanceOf(FlipResult.Unsettled.class);
            assertThat(shop.shown().values()).isEqualTo(NEW);
            now = now.plusSeconds(301);
            assertThat(traffic.look(Direction.FORWARD)).isInstanceOf(FlipResult.NotDone.class);
            assertThat(shop.shown().values()).isEqualTo(OLD);
        }
    }

    @Test
    void knowsAfterACrashThatAnUpdateMayStillLand() throws Exception {
        try (TcpProxy proxy = new TcpProxy(shop.address(), (update, server) -> null)) {
            Zone zone = shop.zone(proxy.address());
            assertThat(traffic(zone).flip(Direction.FORWARD, inTime())).isInstanceOf(FlipResult.Unsettled.class);
            DnsTraffic next = traffic(zone);

            assertThat(next.look(Direction.FORWARD))
                    .isInstanceOfSatisfying(
                            FlipResult.Unsettled.class,
                            unsettled -> assertThat(unsettled.reason()).contains("may land until"));
            now = now.plusSeconds(301);
            assertThat(next.look(Direction.FORWARD)).isInstanceOf(FlipResult.NotDone.class);
        }
    }

    @Test
    void waitsForAChangeThatWasTakenAndIsNotShownYet() {
        DnsTraffic traffic = traffic(publishesLater(shop.zone()));

        assertThat(traffic.flip(Direction.FORWARD, inTime())).isInstanceOf(FlipResult.Unsettled.class);
        assertThat(traffic.look(Direction.FORWARD)).isInstanceOf(FlipResult.Unsettled.class);
        assertThat(shop.zone().move(false).apply()).isInstanceOf(Outcome.Accepted.class); // there it is

        assertThat(traffic.look(Direction.FORWARD)).isInstanceOf(FlipResult.Done.class);
    }

    @Test
    void takesNothingBackThatIsNotShownYet() {
        DnsTraffic traffic = traffic(publishesLater(shop.zone()), refusing(bank.zone()));

        assertThat(traffic.flip(Direction.FORWARD, inTime()))
                .isInstanceOfSatisfying(
                        FlipResult.Unsettled.class,
                        unsettled -> assertThat(unsettled.reason()).contains("not you", "is not shown yet"));
        assertThat(shop.zone().move(false).apply()).isInstanceOf(Outcome.Accepted.class); // there it is
        now = now.plusSeconds(301);

        assertThat(traffic(shop.zone(), bank.zone()).look(Direction.FORWARD)).isInstanceOf(FlipResult.NotDone.class);
        assertThat(shop.shown().values()).isEqualTo(OLD);
    }

    @Test
    void forgetsNoLostUpdateWhenTheNextOneIsRefused() throws Exception {
        try (TcpProxy proxy = new TcpProxy(shop.address(), (update, server) -> null)) {
            assertThat(traffic(shop.zone(proxy.address())).flip(Direction.FORWARD, inTime()))
                    .isInstanceOf(FlipResult.Unsettled.class);
        }
        now = now.plusSeconds(200);
        DnsTraffic again = traffic(refusing(shop.zone()));

        assertThat(again.flip(Direction.FORWARD, inTime()))
                .isInstanceOfSatisfying(
                        FlipResult.Unsettled.class,
                        unsettled -> assertThat(unsettled.reason()).contains("not you", "may land until"));
        assertThat(again.flip(Direction.REVERSE, inTime())).isInstanceOf(FlipResult.Unsettled.class);

        now = now.plusSeconds(101); // of the lost one's, whatever was refused since
        assertThat(again.flip(Direction.FORWARD, inTime())).isInstanceOf(FlipResult.NotDone.class);
    }

    @Test
    void forgetsNoLostUpdateWhenTheNextOneIsDone() throws Exception {
        try (TcpProxy proxy = new TcpProxy(shop.address(), (update, server) -> null)) {
            assertThat(traffic(shop.zone(proxy.address())).flip(Direction.FORWARD, inTime()))
                    .isInstanceOf(FlipResult.Unsettled.class);
        }
        DnsTraffic again = traffic(shop.zone());
        assertThat(again.flip(Direction.FORWARD, inTime())).isInstanceOf(FlipResult.Done.class);

        assertThat(again.flip(Direction.REVERSE, inTime()))
                .as("the lost one would land")
                .isInstanceOf(FlipResult.Unsettled.class);
        now = now.plusSeconds(301);
        assertThat(again.flip(Direction.REVERSE, inTime())).isInstanceOf(FlipResult.Done.class);
    }

    @Test
    void goesNoOtherWayWhileAChangeMayStillBeShown() {
        Zone later = publishesLater(shop.zone());
        assertThat(traffic(later).flip(Direction.FORWARD, inTime())).isInstanceOf(FlipResult.Unsettled.class);

        assertThat(traffic(later).flip(Direction.REVERSE, inTime()))
                .isInstanceOfSatisfying(
                        FlipResult.Unsettled.class,
                        unsettled -> assertThat(unsettled.reason()).contains("may land until"));

        now = now.plusSeconds(301);
        assertThat(traffic(later).flip(Direction.REVERSE, inTime())).isInstanceOf(FlipResult.Done.class);
    }

    @Test
    void takesBackWhatIsShownOnlyLater() {
        List<List<String>> found = new CopyOnWriteArrayList<>();
        Zone slow = with(shop.zone(), plan -> {
            found.add(shop.shown().values());
            CompletableFuture.runAsync(
                    () -> shop.zone().provider().apply(plan),
                    CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
            return new Outcome.Pending("in a moment");
        });
        List<Zone> zones = List.of(slow, refusing(bank.zone()));
        DnsTraffic traffic = new DnsTraffic(zones, new DnsFiles(directory), clock, Duration.ofSeconds(30));

        FlipResult result = traffic.flip(Direction.FORWARD, inTime());

        assertThat(result)
                .isInstanceOfSatisfying(
                        FlipResult.NotDone.class,
                        not -> assertThat(not.reason()).contains("not you", "was taken back"));
        assertThat(found).as("before each of the two changes").containsExactly(OLD, NEW);
        assertThat(shop.shown().values()).isEqualTo(OLD);
    }

    @Test
    void saysAtOnceThatNothingMovedWhereNothingWasSent() {
        assertThat(traffic(shop.zone()).look(Direction.FORWARD)).isInstanceOf(FlipResult.NotDone.class);

        assertThat(traffic(refusing(shop.zone())).flip(Direction.FORWARD, inTime()))
                .isInstanceOf(FlipResult.NotDone.class);
        assertThat(traffic(shop.zone()).look(Direction.FORWARD)).isInstanceOf(FlipResult.NotDone.class);
    }

    @Test
    void leavesAZoneAloneThatSomebodyElseChangedAfterItHadMoved() {
        DnsTraffic traffic = traffic(
                afterwards(shop.zone(), () -> {
                    Zone other = shop.zone();
                    other.provider().apply(other.move(true).plan());
                    bank.close();
                }),
                bank.zone());

        FlipResult result = traffic.flip(Direction.FORWARD, inTime());

        assertThat(result).isInstanceOf(FlipResult.NotDone.class); // it is where it was, by whoever's hand
        assertThat(shop.shown().values()).isEqualTo(OLD);
    }

    private DnsTraffic traffic(Zone... zones) {
        return new DnsTraffic(List.of(zones), new DnsFiles(directory), clock, Duration.ofSeconds(1));
    }

    private Deadline inTime() {
        return new Deadline(clock, now.plusSeconds(30));
    }

    /** The zone, and what happens in the world right after it has been changed for the first time. */
    private static Zone afterwards(Zone zone, Runnable happens) {
        AtomicBoolean happened = new AtomicBoolean();
        return with(zone, plan -> {
            Outcome outcome = zone.provider().apply(plan);
            if (happened.compareAndSet(false, true)) happens.run();
            return outcome;
        });
    }

    private static Zone publishesLater(Zone zone) {
        return with(zone, plan -> new Outcome.Pending("in a minute"));
    }

    private static Zone refusing(Zone zone) {
        return with(zone, plan -> new Outcome.Refused("not you"));
    }

    private static Zone with(Zone zone, Function<DnsPlan, Outcome> apply) {
        DnsProvider real = zone.provider();
        return new Zone(zone.rules(), new DnsProvider() {
            @Override
            public DnsAtomicity atomicity() {
                return real.atomicity();
            }

            @Override
            public Observed observe() {
                return real.observe();
            }

            @Override
            public Outcome tryOut(DnsPlan plan) {
                return real.tryOut(plan);
            }

            @Override
            public Outcome apply(DnsPlan plan) {
                return apply.apply(plan);
            }

            @Override
            public ReadBack readBack(DnsPlan plan, Duration deadline) {
                return real.readBack(plan, deadline);
            }
        });
    }
}
