package dev.lockstep.stream.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowStateTest {

    private static final RowState.Serializer SERIALIZER = new RowState.Serializer();

    /** Against two variables and the barrier at which they began to differ. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isOpenFromTheFirstBarrierAtWhichTheSidesDifferToTheFirstAtWhichTheyAgree(long seed) throws Exception {
        Random random = new Random(seed);
        @Nullable RowDigest[] sides = new RowDigest[2];
        RowState row = RowState.ABSENT;
        long differsSince = 0;
        for (long barrier = 1; barrier <= 2000; barrier++) {
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                Side side = Side.values()[random.nextInt(2)];
                RowDigest digest = random.nextInt(3) == 0 ? null : new RowDigest(random.nextInt(2), 5);
                sides[side.ordinal()] = digest;
                row = written(row.with(side, RowImage.changed(1, new byte[] {(byte) barrier}, digest, 10, null)));
            }
            row = written(row.judged(barrier));

            boolean differ = !Objects.equals(sides[0], sides[1]);
            differsSince = !differ ? 0 : differsSince == 0 ? barrier : differsSince;
            assertThat(row.isOpen()).isEqualTo(differ);
            assertThat(row.isSettled()).isEqualTo(!differ);
            assertThat(row.isAbsent()).isEqualTo(sides[0] == null && sides[1] == null);
            if (!differ) continue;
            assertThat(row.difference().firstSeenMicros()).isEqualTo(differsSince);
            assertThat(row.kind()).isEqualTo(kind(sides));
        }
    }

    private static MismatchKind kind(@Nullable RowDigest[] sides) {
        if (sides[1] == null) return MismatchKind.MISSING;
        return sides[0] == null ? MismatchKind.UNEXPECTED : MismatchKind.DIFFERS;
    }

    /** The row as it comes back from a checkpoint. */
    private static RowState written(RowState row) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        SERIALIZER.serialize(row, out);
        RowState read = SERIALIZER.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        assertThat(read.source()).isEqualTo(row.source());
        assertThat(read.target()).isEqualTo(row.target());
        if (row.difference() != null)
            assertThat(Arrays.equals(read.difference().key(), row.difference().key()))
                    .isTrue();
        return read;
    }
}
