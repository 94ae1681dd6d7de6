package dev.lockstep.ingest.capture;

import dev.lockstep.ingest.canonical.BinlogColumn;
import dev.lockstep.ingest.canonical.ChangeEventTransform;
import dev.lockstep.ingest.canonical.ColumnText;
import dev.lockstep.ingest.guard.AgreedColumns;
import dev.lockstep.ingest.guard.GuardedMariaDbConnector;
import dev.lockstep.ingest.guard.GuardedMySqlConnector;
import dev.lockstep.ingest.guard.GuardedPostgresConnector;
import dev.lockstep.ingest.guard.StreamGuard;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A connector's configuration, the same for the embedded worker and for a cluster. */
final class ConnectorSettings {

    private static final String TRANSFORM = "transforms.lockstep.";

    private ConnectorSettings() {}

    /**
     * @param wholeBefore tables whose before-images are whole, or {@code *}
     * @param barriers by direction, the newest barrier that the copy has seen
     */
    static Map<String, String> of(CaptureConfig capture, String wholeBefore, Map<String, Long> barriers) {
        Map<String, String> settings = common(capture);
        Endpoint database = capture.database();
        switch (database.dialect().engine()) {
            case "postgresql" -> postgres(settings, capture);
            case "mysql" -> binlog(settings, capture, GuardedMySqlConnector.class);
            default -> binlog(settings, capture, GuardedMariaDbConnector.class);
        }
        settings.put(
                StreamGuard.COLUMNS, AgreedColumns.toSetting(capture.agreed().columns()));
        settings.put(StreamGuard.PASSED, capture.agreed().passed().toString());
        transform(settings, capture, wholeBefore, barriers);
        return settings;
    }

    private static Map<String, String> common(CaptureConfig capture) {
        Endpoint database = capture.database();
        Map<String, String> settings = new HashMap<>();
        settings.put("tasks.max", "1");
        settings.put("exactly.once.support", "required");
        settings.put("transaction.boundary", "poll");
        settings.put("topic.prefix", capture.name());
        settings.put("database.hostname", database.host());
        settings.put("database.port", Integer.toString(database.port()));
        settings.put("database.user", database.user());
        settings.put(
                "database.password", database.password() == null ? "" : SecretProvider.reference(database.password()));
        settings.put("table.include.list", includeList(capture));
        settings.put("message.key.columns", keys(capture));
        settings.put("provide.transaction.metadata", "true");
        settings.put("skipped.operations", "none");
        settings.put("tombstones.on.delete", "false");
        settings.put(
                "extended.headers.enabled",
                "false"); // nobody reads them, and each change would carry its connector's name
        settings.put("decimal.handling.mode", "precise");
        settings.put("time.precision.mode", "adaptive_time_microseconds");
        settings.put("binary.handling.mode", "bytes");
        settings.put("poll.interval.ms", "5"); // the default alone adds up to half a second of lag
        settings.put("max.batch.size", "8192");
        settings.put("max.queue.size", "32768");
        settings.put("errors.max.retries", "-1");
        settings.put("retriable.restart.connector.wait.ms", "2000");
        settings.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        settings.put("producer.override.max.request.size", Integer.toString(LargestMessage.BYTES));
        settings.put("producer.override.buffer.memory", Integer.toString(LargestMessage.BYTES + (32 << 20)));
        settings.put("producer.override.linger.ms", "0");
        settings.put("producer.override.batch.size", Integer.toString(256 * 1024));
        return settings;
    }

    private static void postgres(Map<String, String> settings, CaptureConfig capture) {
        settings.put("connector.class", GuardedPostgresConnector.class.getName());
        settings.put("database.dbname", capture.database().database());
        settings.put("snapshot.mode", "no_data"); // and without an offset it streams from where the slot stands
        settings.put("plugin.name", "pgoutput");
        settings.put("slot.name", PostgresLog.name(capture));
        settings.put("publication.name", PostgresLog.name(capture));
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("include.unknown.datatypes", "true");
        // what the log's text hangs on besides; the driver sets dates and encoding by itself
        settings.put("driver.options", "-c bytea_output=hex -c IntervalStyle=postgres -c extra_float_digits=1");
        settings.put("converters", "lockstep");
        settings.put("lockstep.type", ColumnText.class.getName());
        settings.put("lockstep." + ChangeEventTransform.SIDE, capture.side().label());
        settings.put("lockstep." + ChangeEventTransform.TABLES, encodedTables(capture));
        settings.put("unavailable.value.placeholder", ChangeEventTransform.UNAVAILABLE);
    }

    private static void binlog(Map<String, String> settings, CaptureConfig capture, Class<?> connector) {
        settings.put("connector.class", connector.getName());
        settings.put("snapshot.mode", "custom");
        settings.put("snapshot.mode.custom.name", RecordedStart.NAME);
        settings.put("snapshot.locking.mode", "none");
        settings.put(
                "database.server.id",
                Integer.toString(1_000_000 + Math.floorMod(capture.name().hashCode(), 1_000_000_000)));
        settings.put("converters", "lockstep");
        settings.put("lockstep.type", BinlogColumn.class.getName());
        settings.put(
                "lockstep." + BinlogColumn.ENGINE, capture.database().dialect().engine());
        settings.put("enable.time.adjuster", "false"); // it makes 2021 of the year 21
        settings.put("bigint.unsigned.handling.mode", "precise");
        settings.put("connect.keep.alive.interval.ms", "10000"); // a line that says nothing for as long is cut off
        settings.put("include.schema.changes", "true"); // the guard looks at them, the transform drops them
        settings.put("schema.history.internal.kafka.bootstrap.servers", capture.bootstrap());
        settings.put("schema.history.internal.kafka.topic", SchemaHistory.topic(capture));
        settings.put("schema.history.internal.store.only.captured.tables.ddl", "true");
    }

    private static void transform(
            Map<String, String> settings, CaptureConfig capture, String wholeBefore, Map<String, Long> barriers) {
        settings.put("transforms", "lockstep");
        settings.put(TRANSFORM + "type", ChangeEventTransform.class.getName());
        settings.put(TRANSFORM + ChangeEventTransform.TOPIC, capture.topics().changes(capture.side()));
        settings.put(TRANSFORM + ChangeEventTransform.SIDE, capture.side().label());
        settings.put(TRANSFORM + ChangeEventTransform.LANE, Integer.toString(capture.lane()));
        settings.put(TRANSFORM + ChangeEventTransform.WHOLE_BEFORE, wholeBefore);
        settings.put(
                TRANSFORM + ChangeEventTransform.BARRIERS_SEEN,
                barriers.entrySet().stream()
                        .map(b -> b.getKey() + "=" + b.getValue())
                        .collect(Collectors.joining(",")));
        settings.put(TRANSFORM + ChangeEventTransform.TABLES, encodedTables(capture));
    }

    private static String encodedTables(CaptureConfig capture) {
        return withBarrier(capture)
                .map(table -> Base64.getEncoder().encodeToString(Messages.encode(table)))
                .collect(Collectors.joining(","));
    }

    private static String includeList(CaptureConfig capture) {
        return withBarrier(capture)
                .map(capture::idOf)
                .map(ConnectorSettings::pattern)
                .collect(Collectors.joining(","));
    }

    /** Debezium tells an update of the key apart, as a delete and an insert, if it knows which columns are the key. */
    private static String keys(CaptureConfig capture) {
        return withBarrier(capture)
                .map(table -> pattern(capture.idOf(table)) + ":"
                        + table.keyColumns().stream()
                                .map(capture.side()::nameOf)
                                .map(ConnectorSettings::pattern)
                                .collect(Collectors.joining(",")))
                .collect(Collectors.joining(";"));
    }

    static Stream<TableMapping> withBarrier(CaptureConfig capture) {
        return Stream.concat(Stream.of(Barrier.MAPPING), capture.tables().stream());
    }

    private static String pattern(TableId table) {
        return pattern(table.schema()) + "\\." + pattern(table.name());
    }

    /** Debezium reads names as regular expressions, in lists that it splits at commas, colons and semicolons. */
    private static String pattern(String name) {
        return Pattern.compile("[^\\p{L}\\p{N}_]")
                .matcher(name)
                .replaceAll(sign -> "\\\\x{" + Integer.toHexString(sign.group().codePointAt(0)) + "}");
    }

    static List<TableId> tables(CaptureConfig capture) {
        return withBarrier(capture).map(capture::idOf).toList();
    }
}
