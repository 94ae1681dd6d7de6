package dev.lockstep.ingest.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** The tables as the topic of changes tells them, its records folded in their order. */
final class CopiedTables {

    private final List<TableMapping> tables;
    private final Map<RowDigest, RowDigest> state = new HashMap<>();
    private final Map<RowKey, Row> largeRows = new HashMap<>();
    private final Map<String, Long> reads = new HashMap<>();
    private final Map<String, Long> rereads = new HashMap<>();
    private final Set<RowDigest> read = new HashSet<>();
    private final Set<Operation> operations = EnumSet.noneOf(Operation.class);
    private final List<String> brokenChains = new ArrayList<>();

    private CopiedTables(List<TableMapping> tables) {
        this.tables = tables;
    }

    static CopiedTables read(String bootstrap, Topics topics, List<TableMapping> tables) {
        java.util.Properties client = new java.util.Properties();
        client.put("bootstrap.servers", bootstrap);
        CopiedTables copied = new CopiedTables(tables);
        TopicReader.readAll(client, new TopicPartition(topics.sourceChanges(), 0))
                .forEach(r -> copied.fold(Messages.decodeKey(r.key()), Messages.decodeChange(r.value())));
        return copied;
    }

    static boolean hasBarrierAtItsEnd(String bootstrap, Topics topics, long micros) {
        java.util.Properties client = new java.util.Properties();
        client.put("bootstrap.servers", bootstrap);
        return TopicReader.readTail(client, new TopicPartition(topics.sourceChanges(), 0), 100).stream()
                .map(record -> Barrier.in(Messages.decodeChange(record.value())))
                .anyMatch(barrier -> barrier.filter(b -> b.micros() == micros).isPresent());
    }

    private void fold(RowKey key, ChangeEvent change) {
        if (change.operation() == Operation.COMMIT) return;
        operations.add(change.operation());
        if (change.table().equals(Barrier.MAPPING.id())) return;
        RowDigest row = RowDigest.of(key);
        if (change.operation() == Operation.READ) {
            (read.add(row) ? reads : rereads).merge(change.table(), 1L, Long::sum);
            if (change.table().equals("shop.large")) largeRows.put(key, change.after());
        } else check(key, change, row);
        if (change.after() == null) state.remove(row);
        else state.put(row, RowDigest.of(change.table(), change.after()));
    }

    private void check(RowKey key, ChangeEvent change, RowDigest row) {
        RowDigest before = change.before() == null ? null : RowDigest.of(change.table(), change.before());
        RowDigest known = state.get(row);
        boolean fits = before == null ? known == null : before.equals(known);
        if (!fits) brokenChains.add(change.operation() + " " + key.display());
    }

    long reads(String table) {
        return reads.getOrDefault(table, 0L);
    }

    /** Rows that were read a second time. */
    long rereadOf(String table) {
        return rereads.getOrDefault(table, 0L);
    }

    Set<Operation> operations() {
        return operations;
    }

    Row row(String table, Value... key) {
        return largeRows.get(new RowKey(table, List.of(key)));
    }

    /** Changes whose before-image is not what the topic told of the row until then. */
    List<String> brokenChains() {
        return brokenChains;
    }

    void assertEqualTo(Endpoint database) throws SQLException {
        Map<RowDigest, RowDigest> there = new HashMap<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (TableMapping table : tables) {
                if (table.equals(Barrier.MAPPING)) continue;
                RowReader reader = RowReader.ofSource(database.dialect(), table);
                try (var rows = statement.executeQuery("select " + reader.selectList() + " from "
                        + database.dialect().quote(table.source()))) {
                    while (rows.next()) {
                        Row row = reader.read(rows);
                        there.put(RowDigest.of(table.keyOf(row)), RowDigest.of(table.id(), row));
                    }
                }
            }
        }
        assertThat(there.size()).isGreaterThan(1000);
        assertThat(state.equals(there))
                .as("the topic tells " + state.size() + " rows, the database has " + there.size()
                        + ", and they are the same")
                .isTrue();
    }

    /** The barriers' table first. */
    static List<TableMapping> mappings(Endpoint database) throws SQLException {
        List<TableMapping> mappings = new ArrayList<>(List.of(Barrier.MAPPING));
        try (Connection connection = database.connect()) {
            for (Table table : database.dialect().readTables(connection))
                if (table.id().schema().equals("shop")) mappings.add(mapping(table));
        }
        return mappings;
    }

    private static TableMapping mapping(Table table) {
        List<ColumnMapping> columns = table.columns().stream()
                .map(c -> new ColumnMapping(c.name(), c.kind(), c.type(), c.name(), c.type()))
                .toList();
        List<String> names = columns.stream().map(ColumnMapping::name).toList();
        List<Integer> key = table.primaryKey().stream().map(names::indexOf).toList();
        return new TableMapping(table.id(), table.id(), columns, key, 0);
    }

    static void execute(Endpoint database, String... lines) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
