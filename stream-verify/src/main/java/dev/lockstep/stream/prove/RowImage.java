package dev.lockstep.stream.prove;

import dev.lockstep.schemas.row.RowDigest;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * How a row looks on one side after a change, or after several of one time.
 *
 * @param table its {@link ProvenTable#code()}
 * @param key the RowKey as the topic of changes has it, to name the row in a mismatch
 * @param digest null where the row is gone
 * @param bytes of the change on the wire
 * @param before how the first of the changes found the row; null where nothing can be said
 * @param isRead whether the row was read from the database last: the log may still be on its way there, so the next change finds
 *     the row as it may
 * @param reads whether it was read from the database at all, which settles what was lost before
 * @param gap whether two of the changes do not follow from each other
 */
record RowImage(
        long table,
        byte[] key,
        @Nullable RowDigest digest,
        int bytes,
        @Nullable Before before,
        boolean isRead,
        boolean reads,
        boolean gap) {

    static final Serializer SERIALIZER = new Serializer();
    static final TypeInformation<RowImage> TYPE = new WireType<>(RowImage.class, SERIALIZER);

    private static final int KNOWN = 1;
    private static final int PRESENT = 2;
    private static final int IS_READ = 4;
    private static final int READS = 8;
    private static final int GAP = 16;

    /** How a change found the row, by the log's own word. */
    record Before(@Nullable RowDigest digest) {

        boolean contradicts(@Nullable RowDigest state) {
            return !Objects.equals(digest, state);
        }
    }

    static RowImage changed(long table, byte[] key, @Nullable RowDigest digest, int bytes, @Nullable Before before) {
        return new RowImage(table, key, digest, bytes, before, false, false, false);
    }

    static RowImage read(long table, byte[] key, @Nullable RowDigest digest, int bytes) {
        return new RowImage(table, key, digest, bytes, null, true, true, false);
    }

    /** The same row where how its changes found it must not count. */
    RowImage unjudged() {
        return before == null && !gap ? this : new RowImage(table, key, digest, bytes, null, isRead, reads, false);
    }

    /** Part of the initial copy, which the log has come up with when it is judged. */
    RowImage copied() {
        return new RowImage(table, key, digest, bytes, null, false, reads, gap);
    }

    /** Both as one. What stands before a read is settled by it. */
    RowImage after(RowImage earlier) {
        if (reads) return this;
        boolean parted = before != null && !earlier.isRead && before.contradicts(earlier.digest);
        boolean gaps = gap || earlier.gap || parted;
        return new RowImage(table, key, digest, bytes, earlier.before, false, earlier.reads, gaps);
    }

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<RowImage> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(RowImage image, DataOutputView target) throws IOException {
            target.writeLong(image.table);
            writeBytes(image.key, target);
            writeOptional(image.digest, target);
            target.writeInt(image.bytes);
            target.writeByte(flags(image));
            if (image.before != null && image.before.digest != null) writeDigest(image.before.digest, target);
        }

        private static int flags(RowImage image) {
            int flags = image.before == null ? 0 : image.before.digest == null ? KNOWN : KNOWN | PRESENT;
            if (image.isRead) flags |= IS_READ;
            if (image.reads) flags |= READS;
            return image.gap ? flags | GAP : flags;
        }

        @Override
        public RowImage deserialize(DataInputView source) throws IOException {
            long table = source.readLong();
            byte[] key = readBytes(source);
            RowDigest digest = readOptional(source);
            int bytes = source.readInt();
            int flags = source.readByte();
            RowDigest found = (flags & PRESENT) == 0 ? null : readDigest(source);
            return new RowImage(
                    table,
                    key,
                    digest,
                    bytes,
                    (flags & KNOWN) == 0 ? null : new Before(found),
                    (flags & IS_READ) != 0,
                    (flags & READS) != 0,
                    (flags & GAP) != 0);
        }
    }
}
