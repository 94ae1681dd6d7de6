package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.CascadeAction;
import dev.lockstep.schemas.avro.CascadeSchema;
import dev.lockstep.schemas.avro.ChangeEventMessage;
import dev.lockstep.schemas.avro.ColumnSchema;
import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.DeadLetter;
import dev.lockstep.schemas.avro.KindSymbol;
import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.RowDifference;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableScan;
import dev.lockstep.schemas.avro.TableSchema;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every message's way to bytes and back. */
public final class Messages {

    public static final Codec<StageReport> STAGE_REPORT = new Codec<>(StageReport.class);
    public static final Codec<TableVerdict> TABLE_VERDICT = new Codec<>(TableVerdict.class);
    public static final Codec<Mismatch> MISMATCH = new Codec<>(Mismatch.class);
    public static final Codec<CutoverEvent> CUTOVER_EVENT = new Codec<>(CutoverEvent.class);
    public static final Codec<DeadLetter> DEAD_LETTER = new Codec<>(DeadLetter.class);
    public static final Codec<TableScan> TABLE_SCAN = new Codec<>(TableScan.class);
    public static final Codec<RowDifference> ROW_DIFFERENCE = new Codec<>(RowDifference.class);

    private static final Codec<TableSchema> TABLE = new Codec<>(TableSchema.class);

    private Messages() {}

    public static byte[] encode(RowKey key) {
        return ChangeCodec.encode(key);
    }

    public static RowKey decodeKey(byte[] bytes) {
        return ChangeCodec.decodeKey(bytes);
    }

    public static byte[] encode(ChangeEvent change) {
        return ChangeCodec.encode(change);
    }

    public static ChangeEvent decodeChange(byte[] bytes) {
        return ChangeCodec.decodeChange(bytes);
    }

    /** A change's table and operation, read without its rows. */
    public static ChangeHead headOf(byte[] change) {
        return ChangeCodec.head(change);
    }

    public static byte[] encode(TableMapping table) {
        List<ColumnSchema> columns = table.columns().stream()
                .map(c -> new ColumnSchema(
                        c.name(), KindSymbol.valueOf(c.kind().name()), c.sourceType(), c.targetName(), c.targetType()))
                .toList();
        TableId target = table.target();
        return TABLE.encode(new TableSchema(
                table.source().schema(),
                table.source().name(),
                target.schema(),
                target.name(),
                columns,
                table.key(),
                table.lane(),
                table.round(),
                table.cascades().stream().map(Messages::toAvro).toList()));
    }

    private static CascadeSchema toAvro(CascadingKey key) {
        return new CascadeSchema(
                key.name(),
                key.columns(),
                key.parent().schema(),
                key.parent().name(),
                key.keys(),
                CascadeAction.valueOf(key.onDelete().name()),
                CascadeAction.valueOf(key.onUpdate().name()));
    }

    private static CascadingKey fromAvro(CascadeSchema key) {
        return new CascadingKey(
                key.getName(),
                key.getColumns(),
                new TableId(key.getParentSchema(), key.getParentTable()),
                key.getKeys(),
                CascadingKey.Action.valueOf(key.getOnDelete().name()),
                CascadingKey.Action.valueOf(key.getOnUpdate().name()));
    }

    public static TableMapping decodeTable(byte[] bytes) {
        TableSchema message = TABLE.decode(bytes);
        List<ColumnMapping> columns = message.getColumns().stream()
                .map(c -> new ColumnMapping(
                        c.getName(),
                        Kind.valueOf(c.getKind().name()),
                        c.getSourceType(),
                        c.getTargetName(),
                        c.getTargetType()))
                .toList();
        return new TableMapping(
                new TableId(message.getSourceSchema(), message.getSourceTable()),
                new TableId(message.getTargetSchema(), message.getTargetTable()),
                columns,
                List.copyOf(message.getKey()),
                message.getLane(),
                message.getRound(),
                message.getCascades().stream().map(Messages::fromAvro).toList());
    }

    /** The Avro form, for messages that hold a change within. */
    public static ChangeEventMessage toAvro(ChangeEvent change) {
        Position at = change.position();
        return new ChangeEventMessage(
                change.table(),
                dev.lockstep.schemas.avro.Operation.valueOf(change.operation().name()),
                values(change.before()),
                values(change.after()),
                new dev.lockstep.schemas.avro.Position(at.major(), at.minor(), at.index()),
                change.transaction());
    }

    public static ChangeEvent fromAvro(ChangeEventMessage message) {
        dev.lockstep.schemas.avro.Position at = message.getPosition();
        return new ChangeEvent(
                message.getTable(),
                ChangeEvent.Operation.valueOf(message.getOperation().name()),
                row(message.getBefore()),
                row(message.getAfter()),
                new Position(at.getMajor(), at.getMinor(), at.getIndex()),
                message.getTransaction());
    }

    private static @Nullable List<dev.lockstep.schemas.avro.Value> values(@Nullable Row row) {
        return row == null ? null : Values.toAvro(row.values());
    }

    private static @Nullable Row row(@Nullable List<dev.lockstep.schemas.avro.Value> values) {
        return values == null ? null : new Row(Values.fromAvro(values));
    }
}
