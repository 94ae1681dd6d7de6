package dev.lockstep.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CachedTtlTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @Test
    void isOpenOnceTheTtlIsLowAndCachesHaveLetGoOfTheOldOne() {
        assertThat(verdict(zone(60, Optional.empty()))).isEqualTo(Verdict.OPEN);
        assertThat(verdict(zone(60, Optional.of(NOW)))).isEqualTo(Verdict.OPEN);
    }

    @Test
    void closesWhileASetMayBeCachedForTooLongAndNamesItAndTheRemedy() {
        assertThat(verdict(zone(5, Optional.empty()), zone(3600, Optional.empty())))
                .isEqualTo(new Verdict.Closed("db.shop.test. A at ns2 may be cached for 3600 s, longer than 60 s;"
                        + " lower it with `lockstep ttl lower`"));
    }

    @Test
    void closesUntilTheOldTtlHasRunOut() {
        assertThat(verdict(zone(5, Optional.of(NOW.plusMillis(1)))))
                .isEqualTo(new Verdict.Closed(
                        "caches may keep what zone shop.test. said before its TTL was lowered for 1 s more"));
    }

    @Test
    void noDataIsNoPass() {
        assertThat(new CachedTtl.Unseen("ns2 does not answer").verdict(NOW))
                .isEqualTo(new Verdict.Unknown("ns2 does not answer"));
        assertThat(new CachedTtl.Seen(List.of()).verdict(NOW)).isInstanceOf(Verdict.Unknown.class);
    }

    private static Verdict verdict(CachedTtl.Zone... zones) {
        return new CachedTtl.Seen(List.of(zones)).verdict(NOW);
    }

    private static CachedTtl.Zone zone(int longestSeconds, Optional<Instant> drainedAt) {
        return new CachedTtl.Zone(
                "shop.test.",
                Duration.ofSeconds(60),
                Duration.ofSeconds(longestSeconds),
                "db.shop.test. A at ns2",
                drainedAt);
    }
}
