package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * A row's changes of one time, as one on each side, until a barrier has passed them.
 *
 * @param source null where the source has none
 * @param target null where the target has none
 */
record Waiting(@Nullable RowImage source, @Nullable RowImage target) {

    static final Waiting NONE = new Waiting(null, null);
    static final TypeInformation<Waiting> TYPE = new WireType<>(Waiting.class, new Serializer());

    Waiting with(Side side, RowImage image) {
        return side == Side.SOURCE
                ? new Waiting(source == null ? image : image.after(source), target)
                : new Waiting(source, target == null ? image : image.after(target));
    }

    /** Both as one. */
    Waiting then(Waiting later) {
        Waiting both = later.source == null ? this : with(Side.SOURCE, later.source);
        return later.target == null ? both : both.with(Side.TARGET, later.target);
    }

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<Waiting> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(Waiting waiting, DataOutputView target) throws IOException {
            write(waiting.source, target);
            write(waiting.target, target);
        }

        private static void write(@Nullable RowImage image, DataOutputView target) throws IOException {
            target.writeBoolean(image != null);
            if (image != null) RowImage.SERIALIZER.serialize(image, target);
        }

        @Override
        public Waiting deserialize(DataInputView source) throws IOException {
            return new Waiting(read(source), read(source));
        }

        private static @Nullable RowImage read(DataInputView source) throws IOException {
            return source.readBoolean() ? RowImage.SERIALIZER.deserialize(source) : null;
        }
    }
}
