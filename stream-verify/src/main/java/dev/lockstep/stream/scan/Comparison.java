package dev.lockstep.stream.scan;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.KeyCondition;
import dev.lockstep.schemas.table.KeyRange;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.scan.InDatabase.Sum;
import dev.lockstep.stream.scan.SideTable.RowVisitor;
import dev.lockstep.stream.scan.Sides.Answers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares ranges of one table as both sides show them at this moment. Where both are of one engine, the databases sum a range up, and
 * only pieces whose sums differ are read; where they are not, or the sums say nothing, both ranges are read.
 *
 * <p>A range is cut along the source's order. Should the target sort otherwise, a row of it still lies in one of the ranges: behind every
 * key that it is greater than, by whatever order, and up to another. Then the ranges differ and each such row is looked up by its key.
 */
final class Comparison {

    /** Of a table that both sides sort alike, rows to a range. */
    static final long RANGE = 50_000;

    private static final long PIECES = 10;
    private static final long WORTH_READING = 2_000;
    private static final int USELESS = 3;
    private static final int BUCKETS = 1 << 16;
    private static final long ROWS_AT_ONCE = 200_000;

    private final Sides sides;
    private final TableMapping table;
    private final SideTable source;
    private final SideTable target;
    private final ScanPace pace;
    private final boolean ordered;
    private int uselessSums;
    private List<RowKey> suspects = new ArrayList<>();
    private long rowsSource;
    private long rowsTarget;
    private long rowsRead;

    Comparison(
            Migration migration, Sides sides, TableMapping table, SideTable source, SideTable target, ScanPace pace) {
        this.sides = sides;
        this.table = table;
        this.source = source;
        this.target = target;
        this.pace = pace;
        ordered = KeyCondition.isOrderShared(
                migration.source().dialect(), migration.target().dialect(), table.keyColumns());
    }

    /** A row's digest, and its key to look it up again. */
    private record Image(RowKey key, RowDigest digest) {}

    /**
     * What comparing a range showed.
     *
     * @param suspects keys of rows that looked different
     * @param rowsRead of both sides, that left their server
     */
    record Seen(List<RowKey> suspects, long rowsSource, long rowsTarget, long rowsRead) {}

    /** Rows to a range; 0: the table is one. */
    long rangeRows() {
        return ordered ? pace.step(RANGE) : 0;
    }

    Seen compare(KeyRange range) throws SQLException, InterruptedException {
        suspects = new ArrayList<>();
        rowsSource = rowsTarget = rowsRead = 0;
        if (source.hasSum() && uselessSums < USELESS) sums(range, ordered ? RANGE : Long.MAX_VALUE);
        else read(range);
        return new Seen(suspects, rowsSource, rowsTarget, rowsRead);
    }

    private void sums(KeyRange range, long about) throws SQLException, InterruptedException {
        var sums = sides.both(connection -> source.sum(connection, range), connection -> target.sum(connection, range));
        pace.await(Math.max(sums.source().rows(), sums.target().rows()));
        if (sums.source().equals(sums.target())) equal(sums.source());
        else if (ordered && about > WORTH_READING && sums.source().rows() > WORTH_READING)
            pieces(range, about / PIECES);
        else {
            int before = suspects.size();
            read(range);
            uselessSums = suspects.size() == before ? uselessSums + 1 : 0;
        }
    }

    private void equal(Sum sum) {
        uselessSums = 0;
        rowsSource += sum.rows();
        rowsTarget += sum.rows();
    }

    private void pieces(KeyRange range, long rows) throws SQLException, InterruptedException {
        @Nullable List<Value> from = range.from();
        while (true) {
            KeyRange rest = new KeyRange(from, range.to());
            Optional<List<Value>> to = sides.one(Side.SOURCE, connection -> source.bound(connection, rest, rows));
            if (to.isEmpty()) {
                sums(rest, rows);
                return;
            }
            sums(rest.upTo(to.get()), rows);
            from = to.get();
        }
    }

    private void read(KeyRange range) throws SQLException, InterruptedException {
        if (ordered) count(readRows(range, key -> true));
        else readBuckets(range);
    }

    /** A table without a shared order: once all of it, and again what lies in buckets that differ. */
    private void readBuckets(KeyRange range) throws SQLException, InterruptedException {
        List<Integer> buckets = differingBuckets(range);
        int atOnce = (int) Math.max(1, ROWS_AT_ONCE * BUCKETS / Math.max(1, Math.max(rowsSource, rowsTarget)));
        for (int i = 0; i < buckets.size(); i += atOnce) {
            Set<Integer> chosen = Set.copyOf(buckets.subList(i, Math.min(buckets.size(), i + atOnce)));
            readRows(range, key -> chosen.contains(bucket(key)));
        }
    }

    /** Returns how many rows were read. */
    private Answers<Long> readRows(KeyRange range, Predicate<RowDigest> wanted)
            throws SQLException, InterruptedException {
        Map<RowDigest, Image> there = new HashMap<>();
        Map<RowDigest, Image> here = new HashMap<>();
        Answers<Long> rows = each(range, images(wanted, there), images(wanted, here));
        there.forEach((key, image) -> {
            Image other = here.remove(key);
            if (other == null || !other.digest.equals(image.digest)) suspects.add(image.key);
        });
        here.values().forEach(image -> suspects.add(image.key));
        return rows;
    }

    private RowVisitor images(Predicate<RowDigest> wanted, Map<RowDigest, Image> images) {
        return (key, row) -> {
            RowDigest digest = RowDigest.of(key);
            if (wanted.test(digest)) images.put(digest, new Image(key, RowDigest.of(table.id(), row)));
        };
    }

    /** The rows spread over buckets by their keys, each bucket summed up on both sides. */
    private List<Integer> differingBuckets(KeyRange range) throws SQLException, InterruptedException {
        long[][] there = new long[2][BUCKETS];
        long[][] here = new long[2][BUCKETS];
        count(each(range, spread(there), spread(here)));
        List<Integer> differing = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) if (there[0][i] != here[0][i] || there[1][i] != here[1][i]) differing.add(i);
        return differing;
    }

    private RowVisitor spread(long[][] sums) {
        return (key, row) -> {
            int bucket = bucket(RowDigest.of(key));
            RowDigest digest = RowDigest.of(table.id(), row);
            sums[0][bucket] += digest.high();
            sums[1][bucket] += digest.low();
        };
    }

    /** Shows each row of both sides, at the scan's pace. */
    private Answers<Long> each(KeyRange range, RowVisitor there, RowVisitor here)
            throws SQLException, InterruptedException {
        Answers<Long> rows = sides.both(
                connection -> each(source, connection, range, there),
                connection -> each(target, connection, range, here));
        rowsRead += rows.source() + rows.target();
        return rows;
    }

    private long each(SideTable side, Connection connection, KeyRange range, RowVisitor visitor)
            throws SQLException, InterruptedException {
        long[] rows = new long[1];
        side.each(connection, range, (key, row) -> {
            pace.await(side == source, ++rows[0]);
            visitor.visit(key, row);
        });
        return rows[0];
    }

    private void count(Answers<Long> rows) {
        rowsSource += rows.source();
        rowsTarget += rows.target();
    }

    private static int bucket(RowDigest key) {
        return (int) key.low() & (BUCKETS - 1);
    }
}
