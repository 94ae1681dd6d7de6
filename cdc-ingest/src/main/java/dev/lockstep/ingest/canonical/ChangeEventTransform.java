package dev.lockstep.ingest.canonical;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import io.debezium.data.Envelope;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.util.SimpleConfig;
import org.jspecify.annotations.Nullable;

/**
 * Turns Debezium's record straight into the bytes of our key and value, on the lane's partition. The converters behind it
 * pass bytes through. What it does not know it refuses: a record that was silently left out would be a lost change.
 */
public final class ChangeEventTransform implements Transformation<SourceRecord> {

    /** Base64 of each table's Avro message. */
    public static final String TABLES = "tables";

    public static final String TOPIC = "topic";
    public static final String SIDE = "side";
    public static final String LANE = "lane";

    /** Tables whose before-images are whole: {@code schema.table}, or {@code *} for all. */
    public static final String WHOLE_BEFORE = "whole.before";

    /** {@code DIRECTION=micros}: barriers up to it cut nothing, as rows were copied that are newer. */
    public static final String BARRIERS_SEEN = "barriers.seen";

    /** What the connector puts for a value that the log leaves out. */
    public static final String UNAVAILABLE = RecordValue.UNAVAILABLE;

    private static final String TRANSACTION = "io.debezium.connector.common.TransactionMetadataValue";
    private static final RowKey END_OF_TRANSACTION = new RowKey("", List.of());

    private final Map<TableId, TableReader> tables = new HashMap<>();
    private final Set<String> wholeBefore = new HashSet<>();
    private final Map<String, Long> barriersSeen = new HashMap<>();
    private String topic = "";
    private int lane;
    private Position last = Position.SNAPSHOT;

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define(
                        TABLES,
                        ConfigDef.Type.LIST,
                        ConfigDef.Importance.HIGH,
                        "tables, as base64 of TableSchema messages")
                .define(TOPIC, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "topic of the changes")
                .define(SIDE, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "source or target")
                .define(LANE, ConfigDef.Type.INT, 0, ConfigDef.Importance.HIGH, "partition of the topic")
                .define(
                        WHOLE_BEFORE,
                        ConfigDef.Type.LIST,
                        "",
                        ConfigDef.Importance.LOW,
                        "tables with whole before-images")
                .define(
                        BARRIERS_SEEN,
                        ConfigDef.Type.LIST,
                        "",
                        ConfigDef.Importance.LOW,
                        "newest barriers that the initial copy has seen");
    }

    @Override
    public void configure(Map<String, ?> settings) {
        SimpleConfig config = new SimpleConfig(config(), settings);
        Side side = Side.valueOf(config.getString(SIDE).toUpperCase(Locale.ROOT));
        topic = config.getString(TOPIC);
        lane = config.getInt(LANE);
        wholeBefore.addAll(config.getList(WHOLE_BEFORE));
        for (String seen : config.getList(BARRIERS_SEEN)) {
            String[] parts = seen.split("=", 2);
            barriersSeen.put(parts[0], Long.parseLong(parts[1]));
        }
        for (String encoded : config.getList(TABLES)) {
            TableMapping table = Messages.decodeTable(Base64.getDecoder().decode(encoded));
            tables.put(side.nameOf(table), new TableReader(table, side));
        }
    }

    @Override
    public @Nullable SourceRecord apply(SourceRecord record) {
        if (!(record.value() instanceof Struct value)) throw new DataException("not a change: " + record.topic());
        if (TRANSACTION.equals(value.schema().name())) return endOfTransaction(record, value);
        if (isPassed(value)) return null;
        if (!Envelope.isEnvelopeSchema(value.schema())) throw new DataException("not a change: " + record.topic());
        return change(record, value);
    }

    /** A change of the tables that the guard in the task has let by: the migration was resumed from it. */
    private static boolean isPassed(Struct value) {
        String kind = value.schema().name();
        return (kind != null && kind.endsWith("SchemaChangeValue"))
                || (Envelope.isEnvelopeSchema(value.schema())
                        && "t".equals(value.getString(Envelope.FieldName.OPERATION)));
    }

    private @Nullable SourceRecord endOfTransaction(SourceRecord record, Struct value) {
        if (!"END".equals(value.getString("status"))) return null;
        return routed(record, END_OF_TRANSACTION, ChangeEvent.commit(last, value.getString("id")));
    }

    private @Nullable SourceRecord change(SourceRecord record, Struct envelope) {
        Struct source = envelope.getStruct(Envelope.FieldName.SOURCE);
        TableReader reader = reader(source);
        Operation operation = operation(envelope, reader.table.id());
        Struct after = envelope.getStruct(Envelope.FieldName.AFTER);
        Struct before = envelope.getStruct(Envelope.FieldName.BEFORE);
        Struct transaction = envelope.getStruct(Envelope.FieldName.TRANSACTION);
        if (operation != Operation.READ) last = Positions.of(record);
        Row afterRow = after == null ? null : reader.row(after);
        RowKey key = afterRow != null ? reader.table.keyOf(afterRow) : reader.key(image(before, reader));
        ChangeEvent event = new ChangeEvent(
                reader.table.id(),
                operation,
                before != null && hasWholeBefore(reader) ? reader.row(before) : null,
                afterRow,
                operation == Operation.READ ? Position.SNAPSHOT : last,
                transaction == null ? null : transaction.getString("id"));
        if (isNoneOfOurBarriers(event)) return null;
        return routed(record, key, event);
    }

    private static Struct image(@Nullable Struct before, TableReader reader) {
        if (before == null)
            throw new DataException(reader.table.id() + ": a delete without the row's key; give the table a primary key"
                    + " or REPLICA IDENTITY FULL");
        return before;
    }

    private TableReader reader(Struct source) {
        Schema schema = source.schema();
        String namespace = schema.field("schema") != null ? source.getString("schema") : source.getString("db");
        TableId id = new TableId(namespace, source.getString("table"));
        TableReader reader = tables.get(id);
        if (reader == null) throw new DataException("a change of " + id + ", which the migration does not know");
        return reader;
    }

    private static Operation operation(Struct envelope, String table) {
        String code = envelope.getString(Envelope.FieldName.OPERATION);
        return switch (code) {
            case "r" -> Operation.READ;
            case "c" -> Operation.INSERT;
            case "u" -> Operation.UPDATE;
            case "d" -> Operation.DELETE;
            default -> throw new DataException(table + ": unknown operation " + code);
        };
    }

    private boolean hasWholeBefore(TableReader reader) {
        return wholeBefore.contains("*") || wholeBefore.contains(reader.table.id());
    }

    private boolean isNoneOfOurBarriers(ChangeEvent event) {
        return event.table().equals(Barrier.MAPPING.id())
                && event.operation() != Operation.READ
                && Barrier.in(event).filter(this::isOurs).isEmpty();
    }

    private boolean isOurs(Barrier barrier) {
        return barrier.lane() == lane && barrier.micros() > barriersSeen.getOrDefault(barrier.row(), -1L);
    }

    private SourceRecord routed(SourceRecord record, RowKey key, ChangeEvent event) {
        byte[] keyBytes = Messages.encode(key);
        return record.newRecord(
                topic,
                lane,
                Schema.BYTES_SCHEMA,
                keyBytes,
                Schema.BYTES_SCHEMA,
                message(key, keyBytes.length, event),
                record.timestamp());
    }

    private static byte[] message(RowKey key, int keyBytes, ChangeEvent event) {
        try {
            return LargestMessage.encode(key, keyBytes, event);
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {}
}
