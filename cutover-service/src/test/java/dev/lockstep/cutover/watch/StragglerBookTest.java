package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.watch.Sample.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StragglerBookTest {

    private static final Instant ONE = Instant.parse("2026-11-26T10:00:00Z");
    private static final Instant TWO = ONE.plusSeconds(2);
    private static final Instant THREE = ONE.plusSeconds(4);
    private static final Client SHOP = new Client("10.0.0.7", "shop_app");
    private static final Client JOB = new Client("10.0.0.8", "job");

    private final StragglerBook book = new StragglerBook();

    @Test
    void countsAClientsSessionsAndKeepsTheMostWhenItHasGone() {
        book.add(new Sample(Map.of(SHOP, 3), Optional.empty()), ONE);
        book.add(new Sample(Map.of(SHOP, 1, JOB, 1), Optional.empty()), TWO);

        Stragglers seen = book.add(new Sample(Map.of(JOB, 2), Optional.empty()), THREE);

        assertThat(seen.sessions()).isEqualTo(2);
        assertThat(seen.clients())
                .containsExactly(
                        new Straggler("10.0.0.8", "job", 2, 2, null, TWO, THREE),
                        new Straggler("10.0.0.7", "shop_app", 0, 3, null, ONE, TWO));
    }

    @Test
    void countsWhatWasRefusedSinceItIsWatchedAlsoToClientsThatNoSampleSaw() {
        book.add(new Sample(Map.of(), Optional.of(Map.of(SHOP, 5L))), ONE);
        book.add(new Sample(Map.of(), Optional.of(Map.of(SHOP, 7L, JOB, 1L))), TWO);

        Stragglers seen = book.add(new Sample(Map.of(), Optional.of(Map.of(SHOP, 7L, JOB, 2L))), THREE);

        assertThat(seen.clients())
                .containsExactly(
                        new Straggler("10.0.0.8", "job", 0, 0, 2L, TWO, THREE),
                        new Straggler("10.0.0.7", "shop_app", 0, 0, 2L, TWO, TWO));
    }

    @Test
    void doesNotNameAClientThatWasRefusedBeforeAlone() {
        book.add(new Sample(Map.of(), Optional.of(Map.of(SHOP, 5L))), ONE);

        assertThat(book.add(new Sample(Map.of(), Optional.of(Map.of(SHOP, 5L))), TWO)
                        .clients())
                .isEmpty();
    }

    @Test
    void forgetsThoseSeenLongestAgoBeyondItsBound() {
        for (int i = 0; i < 2; i++) book.add(crowd("10." + i + "."), ONE.plus(Duration.ofSeconds(i)));

        Stragglers seen = book.add(new Sample(Map.of(), Optional.empty()), THREE);

        assertThat(seen.clients()).hasSize(StragglerBook.MOST);
        assertThat(seen.clients().stream()
                        .map(client -> client.client().substring(0, 5))
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of("10.1."));
    }

    private static Sample crowd(String net) {
        return new Sample(
                IntStream.range(0, StragglerBook.MOST)
                        .boxed()
                        .collect(Collectors.toMap(i -> new Client(net + i, "app"), i -> 1)),
                Optional.empty());
    }

    @Test
    void readsAnAddressWithoutItsPort() {
        assertThat(Clients.client("10.0.0.7:51234", "a").address()).isEqualTo("10.0.0.7");
        assertThat(Clients.client("fe80::1:51234", "a").address()).isEqualTo("fe80::1");
        assertThat(Clients.client("localhost", "a").address()).isEqualTo("local");
    }
}
