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
 * @param difference present while the two differ or a change is lost, and from then until a barrier has been judged at which neither is so
 * @param marks what is known of the logs, a bit per side: a change of the row was lost ({@link #LOST}); the row was read from the
 *     database last ({@link #READ})
 */
record RowState(
        @Nullable RowDigest source,
        @Nullable RowDigest target,
        @Nullable Difference difference,
        int marks) {

    private static final int LOST = 1;
    private static final int READ = 4;
    private static final int LOST_ANYWHERE = LOST << Side.SOURCE.ordinal() | LOST << Side.TARGET.ordinal();

    static final RowState ABSENT = new RowState(null, null, null, 0);
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
        int newMarks = marksAfter(side, image);
        boolean isFine = Objects.equals(newSource, newTarget) && (newMarks & LOST_ANYWHERE) == 0;
        return new RowState(newSource, newTarget, differenceAfter(isFine, image), newMarks);
    }

    /** What was lost no longer counts once the row was read from the database itself. */
    private int marksAfter(Side side, RowImage image) {
        RowImage.Before found = image.before();
        boolean isExact = !has(READ, side) && !image.reads();
        boolean lost = image.gap() || (isExact && found != null && found.contradicts(on(side)));
        int kept = (image.reads() ? marks & ~LOST_ANYWHERE : marks) & ~(READ << side.ordinal());
        return kept | (lost ? LOST << side.ordinal() : 0) | (image.isRead() ? READ << side.ordinal() : 0);
    }

    private boolean has(int mark, Side side) {
        return (marks & mark << side.ordinal()) != 0;
    }

    private @Nullable Difference differenceAfter(boolean isFine, RowImage image) {
        if (isOpen()) return difference;
        if (isFine) return null;
        return difference != null ? difference : new Difference(image.table(), image.key(), 0);
    }

    /** The row once it has been compared as of a barrier. */
    RowState judged(long barrierMicros) {
        if (difference == null || (agrees() && (marks & LOST_ANYWHERE) == 0))
            return new RowState(source, target, null, marks);
        if (isOpen()) return this;
        return new RowState(source, target, new Difference(difference.table, difference.key, barrierMicros), marks);
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
        return source == null && target == null && difference == null && marks == 0;
    }

    private boolean agrees() {
        return Objects.equals(source, target);
    }

    /** In which way the sides differ, or where a change was lost though they do not. */
    MismatchKind kind() {
        if (agrees()) return has(LOST, Side.SOURCE) ? MismatchKind.LOST_ON_SOURCE : MismatchKind.LOST_ON_TARGET;
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
            target.writeByte(row.marks);
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
            int marks = in.readByte();
            Difference difference =
                    in.readBoolean() ? new Difference(in.readLong(), readBytes(in), in.readLong()) : null;
            return new RowState(source, target, difference, marks);
        }
    }
}
