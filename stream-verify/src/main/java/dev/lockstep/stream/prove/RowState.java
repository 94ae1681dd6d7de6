package dev.lockstep.stream.prove;

import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * One row as both sides hold it at a point of the barriers' time.
 *
 * @param source the source's digest; null where it has no such row
 * @param target the target's digest; null where it has no such row
 * @param difference present while the two differ, and from then until a barrier at which they agree has been judged
 */
record RowState(
        @Nullable RowDigest source,
        @Nullable RowDigest target,
        @Nullable Difference difference) {

    static final RowState ABSENT = new RowState(null, null, null);
    static final TypeInformation<RowState> TYPE = new WireType<>(RowState.class, new Serializer());

    /**
     * @param key names the row in reports; the same bytes from the first report to the healing one, whichever side changes
     * @param firstSeenMicros the first barrier at which the row differed; 0 while none has been judged
     */
    record Difference(long table, byte[] key, long firstSeenMicros) {}

    @Nullable
    RowDigest on(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /** The row after a change on one side, not judged yet: on the way to a barrier the sides may well differ. */
    RowState with(Side side, RowImage image) {
        RowDigest newSource = side == Side.SOURCE ? image.digest() : source;
        RowDigest newTarget = side == Side.TARGET ? image.digest() : target;
        return new RowState(newSource, newTarget, differenceAfter(newSource, newTarget, image));
    }

    private @Nullable Difference differenceAfter(
            @Nullable RowDigest newSource, @Nullable RowDigest newTarget, RowImage image) {
        if (isOpen()) return difference;
        if (Objects.equals(newSource, newTarget)) return null;
        return difference != null ? difference : new Difference(image.table(), image.key(), 0);
    }

    /** The row once it has been compared as of a barrier. */
    RowState judged(long barrierMicros) {
        if (difference == null || agrees()) return new RowState(source, target, null);
        if (isOpen()) return this;
        return new RowState(source, target, new Difference(difference.table, difference.key, barrierMicros));
    }

    /** Nothing to say about it at the next barrier unless it changes again. */
    boolean isSettled() {
        return difference == null;
    }

    /** It is reported as a mismatch. */
    boolean isOpen() {
        return difference != null && difference.firstSeenMicros > 0;
    }

    boolean isAbsent() {
        return source == null && target == null && difference == null;
    }

    private boolean agrees() {
        return Objects.equals(source, target);
    }

    /** In which way the sides differ. */
    MismatchKind kind() {
        if (target == null) return MismatchKind.MISSING;
        return source == null ? MismatchKind.UNEXPECTED : MismatchKind.DIFFERS;
    }

    /** Public because Flink makes it by name. Equal digests, the rule, are written once. */
    public static final class Serializer extends WireSerializer<RowState> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(RowState row, DataOutputView target) throws IOException {
            boolean equal = row.agrees();
            target.writeBoolean(equal);
            writeOptional(row.source, target);
            if (!equal) writeOptional(row.target, target);
            Difference difference = row.difference;
            target.writeBoolean(difference != null);
            if (difference == null) return;
            target.writeLong(difference.table);
            writeBytes(difference.key, target);
            target.writeLong(difference.firstSeenMicros);
        }

        @Override
        public RowState deserialize(DataInputView in) throws IOException {
            boolean equal = in.readBoolean();
            RowDigest source = readOptional(in);
            RowDigest target = equal ? source : readOptional(in);
            Difference difference =
                    in.readBoolean() ? new Difference(in.readLong(), readBytes(in), in.readLong()) : null;
            return new RowState(source, target, difference);
        }
    }
}
