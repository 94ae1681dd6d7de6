package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.flip.Observed.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

    private static final Wanted DB =
            new Wanted("db.shop.test.", RecordType.A, List.of("127.0.0.2"), List.of("127.0.0.3"), null);
    private static final Wanted STAYS =
            new Wanted("db.shop.test.", RecordType.AAAA, List.of("2001:db8::1"), List.of("2001:db8::1"), null);

    @Test
    void countsWhatEachServerAnswersOfWhatMoves() {
        Sample sample = Sample.of(List.of(DB, STAYS), observed("127.0.0.3", "127.0.0.2", "127.0.0.2"));

        assertThat(sample).isEqualTo(new Sample(3, 1, List.of(), List.of()));
        assertThat(sample.plus(sample)).hasToString("2 of 6 answers named the target");
    }

    @Test
    void tellsAnAnswerThatIsNeither() {
        Sample sample = Sample.of(List.of(DB), observed("127.0.0.2", "127.0.0.9"));

        assertThat(sample.strange())
                .singleElement()
                .asString()
                .contains("server-1 shows db.shop.test. A 127.0.0.9", "neither");
    }

    @Test
    void countsNoServerThatWasNotReadAndTellsWhy() {
        View away = new View.Unseen("server-0", "no answer");

        assertThat(Sample.of(List.of(DB), new Observed("shop.test.", Instant.EPOCH, away, List.of(away))))
                .isEqualTo(new Sample(0, 0, List.of(), List.of("no answer")));
    }

    /** The primary first. */
    private static Observed observed(String... values) {
        List<View> views = new ArrayList<>();
        for (String value : values)
            views.add(new View.Seen(
                    "server-" + views.size(),
                    1,
                    List.of(
                            new RecordSet("db.shop.test.", RecordType.A, 60, List.of(value)),
                            new RecordSet("db.shop.test.", RecordType.AAAA, 60, List.of("2001:db8::1"))),
                    List.of()));
        return new Observed("shop.test.", Instant.EPOCH, views.get(0), views.subList(1, views.size()));
    }
}
