package dev.lockstep.cutover.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chain's points, a line each, only ever added to: at most one a second, and one for each barrier at which a table became equal or
 * unequal. That is 25 MB in three days. A line that a kill has cut off is taken away by the next opening.
 */
final class ChainFile implements AutoCloseable {

    private final FileChannel channel;
    private @Nullable Point last;

    private ChainFile(FileChannel channel, @Nullable Point last) {
        this.channel = channel;
        this.last = last;
    }

    /**
     * @param known is given what is in it already, in order
     */
    static ChainFile open(Path file, Consumer<Point> known) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Point[] last = new Point[1];
            long[] whole = new long[1];
            try (Stream<Point> points = read(file)) {
                points.forEach(point -> {
                    known.accept(point);
                    last[0] = point;
                    whole[0] += point.line().length();
                });
            }
            channel.truncate(whole[0]).position(whole[0]);
            return new ChainFile(channel, last[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file, e);
        }
    }

    /** The whole lines from the beginning up to the first that is none. To be closed. */
    static Stream<Point> read(Path file) {
        try {
            return (Files.exists(file) ? Files.lines(file, StandardCharsets.ISO_8859_1) : Stream.<String>empty())
                    .map(Point::parse)
                    .takeWhile(Optional::isPresent)
                    .flatMap(Optional::stream);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static List<Point> readAll(Path file) {
        try (Stream<Point> points = read(file)) {
            return points.toList();
        }
    }

    /** Adds a point if the chain has grown since the last one. */
    void append(Point point) {
        if (last != null && point.verdicts() <= last.verdicts()) return;
        ByteBuffer line = ByteBuffer.wrap(point.line().getBytes(StandardCharsets.ISO_8859_1));
        try {
            while (line.hasRemaining()) channel.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the chain of verdicts", e);
        }
        last = point;
    }

    Optional<Point> last() {
        return Optional.ofNullable(last);
    }

    void force() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the chain of verdicts", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
