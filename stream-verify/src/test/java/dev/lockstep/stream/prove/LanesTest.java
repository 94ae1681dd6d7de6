package dev.lockstep.stream.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.Side;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class LanesTest {

    @Test
    void stampsChangesJustBehindTheLastBarrierOfTheirOwnLane() {
        Lanes lanes = new Lanes(2);
        lanes.pass(Side.SOURCE, 1, 10);

        assertThat(lanes.stamp(Side.SOURCE, 1)).isEqualTo(11);
        assertThat(lanes.stamp(Side.SOURCE, 0)).isEqualTo(1);
        assertThat(lanes.stamp(Side.TARGET, 1)).isEqualTo(1);
    }

    @Test
    void meetsAtTheBarrierThatEveryLaneOfBothSidesHasPassed() {
        Lanes lanes = new Lanes(1);

        assertThat(lanes.pass(Side.SOURCE, 0, 10)).isEmpty();
        assertThat(lanes.pass(Side.SOURCE, 0, 20)).isEmpty();
        assertThat(lanes.pass(Side.TARGET, 0, 10)).isEqualTo(OptionalLong.of(10));
        assertThat(lanes.pass(Side.TARGET, 0, 20)).isEqualTo(OptionalLong.of(20));
    }

    @Test
    void ignoresABarrierThatDoesNotGrow() {
        Lanes lanes = new Lanes(1);
        lanes.pass(Side.SOURCE, 0, 20);

        lanes.pass(Side.SOURCE, 0, 20);
        lanes.pass(Side.SOURCE, 0, 10);

        assertThat(lanes.stamp(Side.SOURCE, 0)).isEqualTo(21);
        assertThat(lanes.pass(Side.TARGET, 0, 10)).isEmpty();
        assertThat(lanes.pass(Side.TARGET, 0, 20)).isEqualTo(OptionalLong.of(20));
    }

    @Test
    void passesOverABarrierThatOneLaneNeverShowed() {
        Lanes lanes = new Lanes(2);
        for (long barrier : new long[] {10, 20, 30}) {
            lanes.pass(Side.SOURCE, 0, barrier);
            lanes.pass(Side.SOURCE, 1, barrier);
        }

        assertThat(lanes.pass(Side.TARGET, 0, 10)).isEmpty();
        assertThat(lanes.pass(Side.TARGET, 1, 20)).isEmpty();
        assertThat(lanes.pass(Side.TARGET, 0, 30)).isEmpty();
        assertThat(lanes.pass(Side.TARGET, 1, 30)).isEqualTo(OptionalLong.of(30));
    }

    @Test
    void goesOnFromWhatWasSaved() {
        Lanes before = new Lanes(2);
        before.pass(Side.SOURCE, 0, 10);
        before.pass(Side.SOURCE, 1, 10);
        before.pass(Side.TARGET, 1, 10);

        Lanes after = new Lanes(2);
        before.save().forEach(after::restore);

        assertThat(after.stamp(Side.TARGET, 1)).isEqualTo(11);
        assertThat(after.pass(Side.TARGET, 0, 10)).isEqualTo(OptionalLong.of(10));
    }
}
