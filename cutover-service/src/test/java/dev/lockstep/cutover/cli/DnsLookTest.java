package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.TcpProxy;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.gate.Findings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate is told of a zone before anything is stopped for it. */
@SuppressWarnings("NullAway.Init")
class DnsLookTest {

    private static final Instant NOW = Instant.now();

    @TempDir
    Path directory;

    private DnsWorld shop;

    @BeforeEach
    void start() {
        shop = new DnsWorld(directory, "shop", 20);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void findsNothingWrongWithAZoneThatWouldMove() {
        assertThat(problems(look(shop.zone()), NOW)).isEmpty();
        assertThat(shop.shown().values()).containsExactly("127.0.0.2");
    }

    @Test
    void namesZoneServerKeyAndRemedyWhereTheKeyIsWrong() {
        assertThat(problems(look(shop.signedBy("stranger.key")), NOW))
                .singleElement()
                .asString()
                .contains("zone shop.test.", shop.address(), "BADKEY", "stranger.key", "dns.key.name");
    }

    @Test
    void triesAZoneOutOnceAMinuteHoweverOftenItLooksAndSoonerWhereItFailed() throws Exception {
        AtomicInteger trials = new AtomicInteger();
        TcpProxy.Fault fails = (trial, server) -> trials.incrementAndGet() == 1 ? null : server.ask(trial);
        try (TcpProxy proxy = TcpProxy.ofTrials(shop.address(), fails)) {
            DnsLook look = look(shop.zone(proxy.address()));

            assertThat(problems(look, NOW)).singleElement().asString().contains(proxy.address());
            assertThat(problems(look, NOW.plusSeconds(9))).hasSize(1);
            assertThat(trials).hasValue(1);
            assertThat(problems(look, NOW.plusSeconds(11))).isEmpty();
            assertThat(problems(look, NOW.plusSeconds(70))).isEmpty();
            assertThat(trials).hasValue(2);
            assertThat(problems(look, NOW.plusSeconds(72))).isEmpty();
            assertThat(trials).hasValue(3);
        }
    }

    private DnsLook look(Zone zone) {
        return new DnsLook(List.of(zone), new DnsFiles(directory.resolve("state")));
    }

    private static List<String> problems(DnsLook look, Instant at) {
        return ((Findings.Seen) look.look(at).dns()).problems();
    }
}
