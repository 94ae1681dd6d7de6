package dev.lockstep.ingest.guard;

import dev.lockstep.ingest.canonical.Positions;
import dev.lockstep.schemas.message.Position;
import io.debezium.config.Configuration;
import io.debezium.data.Envelope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every polled record before anything is made of it, and ends the capture just before the first one that a change of the
 * tables has touched.
 *
 * <p>Why in the task and not in the transform: what a poll brings goes into Kafka in one transaction. 1. Rows of the old shape and then
 * one of the new come in one poll; 2. a transform that refused the last would undo the first ones, too; 3. started again with the new
 * shape agreed, it would refuse the first ones. So a poll is cut here: the rows before are a poll of their own, the next poll fails,
 * and a later start begins with the record that was refused.
 */
public final class StreamGuard {

    /** The tables' {@link AgreedColumns}. */
    public static final String COLUMNS = "lockstep.columns";

    /** Changes of tables at or before this place in the log were resumed from. */
    public static final String PASSED = "lockstep.passed";

    private static final int HELD = 16_384;
    private static final long HELD_BYTES = 32 << 20;
    private static final String SCHEMA_CHANGE = "SchemaChangeValue";

    private final Map<String, RowShape> shapes = new HashMap<>();
    private final Map<String, Position> copied = new HashMap<>();
    private final Set<String> namespaces = new HashSet<>();
    private final Position passed;
    private final WholeTransactions transactions = new WholeTransactions(HELD, HELD_BYTES);
    private final Failovers failovers;
    private @Nullable SchemaChangedException found;

    private StreamGuard(Map<String, AgreedColumns> tables, Position passed, Failovers failovers) {
        this.failovers = failovers;
        tables.forEach((table, columns) -> shapes.put(table, new RowShape(table, columns)));
        tables.forEach((table, columns) -> {
            Position since = Position.parse(columns.since());
            if (!since.equals(Position.SNAPSHOT)) copied.put(table, since);
        });
        tables.keySet().forEach(table -> namespaces.add(table.substring(0, table.indexOf('.'))));
        this.passed = passed;
    }

    /**
     * @param offset what the capture has committed last; null: nothing
     */
    static StreamGuard of(Configuration config, @Nullable Map<String, ?> offset) {
        String columns = config.getString(COLUMNS);
        String passed = config.getString(PASSED);
        return new StreamGuard(
                columns == null ? Map.of() : AgreedColumns.fromSetting(columns),
                passed == null || passed.isEmpty() ? Position.SNAPSHOT : Position.parse(passed),
                Failovers.since(offset));
    }

    /**
     * The records that may go by: {@link WholeTransactions}, none that a table's copy holds, and none behind a change of the tables.
     *
     * @throws SchemaChangedException if there are none before a change of the tables
     */
    @Nullable
    List<SourceRecord> pass(@Nullable List<SourceRecord> polled) {
        if (found != null) throw found;
        List<SourceRecord> whole = transactions.take(polled);
        if (whole == null) return null;
        whole = notCopied(failovers.counted(whole));
        if (whole.isEmpty()) return null;
        for (int i = 0; i < whole.size(); i++) {
            found = stop(whole.get(i)).orElse(null);
            if (found == null) continue;
            if (i == 0) throw found;
            return List.copyOf(whole.subList(0, i));
        }
        return whole;
    }

    /** Where no table was copied anew, no record is looked at for it. */
    private List<SourceRecord> notCopied(List<SourceRecord> records) {
        return copied.isEmpty()
                ? records
                : records.stream().filter(record -> !isCopied(record)).toList();
    }

    private boolean isCopied(SourceRecord record) {
        return record.value() instanceof Struct value
                && Envelope.isEnvelopeSchema(value.schema())
                && isCopied(record, table(value.getStruct(Envelope.FieldName.SOURCE)));
    }

    private boolean isCopied(SourceRecord record, String table) {
        Position since = copied.get(table);
        return since != null && Positions.isBefore(record, since);
    }

    private Optional<SchemaChangedException> stop(SourceRecord record) {
        if (!(record.value() instanceof Struct value)) return Optional.empty();
        String kind = value.schema().name();
        if (kind != null && kind.endsWith(SCHEMA_CHANGE)) return statement(record, value);
        if (!Envelope.isEnvelopeSchema(value.schema())) return Optional.empty();
        Struct source = value.getStruct(Envelope.FieldName.SOURCE);
        String table = table(source);
        if ("t".equals(value.getString(Envelope.FieldName.OPERATION)))
            return unlessPassed(record, table + " was truncated");
        RowShape shape = shapes.get(table);
        if (shape == null) return Optional.empty();
        Schema row = value.schema().field(Envelope.FieldName.AFTER).schema();
        return shape.change(row)
                .map(change -> new SchemaChangedException(
                        change, Positions.placeOf(record).toString()));
    }

    /** The binlogs' statements: of those the ones after which the table is another one. */
    private Optional<SchemaChangedException> statement(SourceRecord record, Struct value) {
        Struct source = value.getStruct("source");
        String snapshot = source.getString("snapshot");
        String text = value.getString("ddl");
        if ((snapshot != null && !snapshot.equals("false")) || text == null) return Optional.empty();
        if (!namespaces.contains(String.valueOf(value.getString("databaseName")))) return Optional.empty();
        List<String> tables = tables(value);
        if (!tables.isEmpty() && tables.stream().allMatch(table -> isCopied(record, table))) return Optional.empty();
        return TableStatement.makesAnother(text) || isMadeOrDropped(value)
                ? unlessPassed(record, "statement: " + shortened(text))
                : Optional.empty();
    }

    /** As the connector has parsed it, whatever the text looks like. */
    private boolean isMadeOrDropped(Struct value) {
        return changes(value).stream()
                .filter(change -> !"ALTER".equals(change.getString("type")))
                .anyMatch(change -> shapes.containsKey(id(change)));
    }

    private static List<String> tables(Struct value) {
        return changes(value).stream().map(StreamGuard::id).toList();
    }

    private static List<Struct> changes(Struct value) {
        List<Struct> changes = value.getArray("tableChanges");
        return changes == null ? List.of() : changes;
    }

    private static String id(Struct change) {
        return change.getString("id").replace("\"", "");
    }

    private static String shortened(String statement) {
        String line = statement.strip().replaceAll("\\s+", " ");
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }

    private Optional<SchemaChangedException> unlessPassed(SourceRecord record, String change) {
        Position at = Positions.placeOf(record);
        return at.compareTo(passed) <= 0
                ? Optional.empty()
                : Optional.of(new SchemaChangedException(change, at.toString()));
    }

    private static String table(Struct source) {
        String namespace =
                source.schema().field("schema") != null ? source.getString("schema") : source.getString("db");
        return namespace + "." + source.getString("table");
    }
}
