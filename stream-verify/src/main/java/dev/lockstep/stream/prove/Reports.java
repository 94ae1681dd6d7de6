package dev.lockstep.stream.prove;

import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.stream.prove.RowState.Difference;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The proof's messages. They go out at least once: after a restart the barriers since the last checkpoint are judged again.
 * What they say follows from the changes before the barrier alone, so a repeat says the same; only {@code provenMicros} and
 * {@code reachedMicros}, the time of saying it, differ. A verdict's identity is (table, barrier), a mismatch's its row key.
 */
record Reports(String verdicts, String mismatches, String stages, Clock clock) implements Serializable {

    static Reports to(Topics topics, Clock clock) {
        return new Reports(topics.verdicts(), topics.mismatches(), topics.stages(), clock);
    }

    long nowMicros() {
        return Micros.of(clock.instant());
    }

    Message verdict(String table, TableTotals totals, long barrierMicros, long nowMicros) {
        TableVerdict verdict = new TableVerdict(
                table,
                barrierMicros,
                totals.rowsSource(),
                totals.rowsTarget(),
                new Digest128(totals.sumSource().toBytes()),
                new Digest128(totals.sumTarget().toBytes()),
                totals.mismatches(),
                nowMicros);
        return new Message(verdicts, table.getBytes(StandardCharsets.UTF_8), Messages.TABLE_VERDICT.encode(verdict));
    }

    /**
     * @param rows row changes judged since the start, net: several of one row between two barriers are one
     * @param bytes of those changes on the wire
     */
    Message proven(int lane, long barrierMicros, long nowMicros, long rows, long bytes) {
        StageReport report = new StageReport(Stage.PROVEN, lane, barrierMicros, nowMicros, rows, bytes);
        byte[] key = (Stage.PROVEN + "/" + lane).getBytes(StandardCharsets.UTF_8);
        return new Message(stages, key, Messages.STAGE_REPORT.encode(report));
    }

    /** A row that differs at the barrier. */
    Message mismatch(RowState row, long barrierMicros) {
        Difference difference = Objects.requireNonNull(row.difference());
        RowKey key = Messages.decodeKey(difference.key());
        Mismatch mismatch = new Mismatch(
                key.table(),
                key.display(),
                row.kind(),
                bytes(row.source()),
                bytes(row.target()),
                difference.firstSeenMicros(),
                barrierMicros);
        return new Message(mismatches, difference.key(), Messages.MISMATCH.encode(mismatch));
    }

    /** The row is the same on both sides again. */
    Message healed(byte[] key) {
        return new Message(mismatches, key, null);
    }

    private static @Nullable ByteBuffer bytes(@Nullable RowDigest digest) {
        return digest == null ? null : ByteBuffer.wrap(digest.toBytes());
    }
}
