package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.table.TableId;
import io.debezium.document.DocumentWriter;
import io.debezium.relational.history.HistoryRecord;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a binlog connector knows of its tables' columns: the statements that it has met in the log. Of a table that came to it later it
 * knows nothing if that was created before, and it fails at the table's first row.
 */
final class SchemaHistory {

    private static final Pattern UNKNOWN =
            Pattern.compile("Encountered change event for table (.+?) whose schema isn't known");

    private SchemaHistory() {}

    /** The topic that it is kept in. */
    static String topic(CaptureConfig capture) {
        return capture.name() + ".schema-history";
    }

    /**
     * The table of a later round at whose row the connector has failed, if that is why.
     *
     * @param trace why it has failed
     */
    static Optional<TableId> unknownIn(String trace, CaptureConfig capture) {
        Matcher unknown = UNKNOWN.matcher(trace);
        if (!unknown.find()) return Optional.empty();
        return capture.tables().stream()
                .filter(table -> table.round() > 0)
                .map(capture::idOf)
                .filter(table -> table.toString().equals(unknown.group(1)))
                .findFirst();
    }

    /**
     * Notes the table as it is now, for a connector that does not run.
     *
     * @param offset where that stands: the row that it failed at comes next
     */
    static void teach(CaptureConfig capture, TableId table, Map<String, ?> offset) throws SQLException {
        Map<String, Object> client = Map.of("bootstrap.servers", capture.bootstrap(), "acks", "all");
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            // the parser takes a create of a table that it knows for none
            for (String statement : List.of("drop table if exists " + quoted(capture, table), create(capture, table)))
                producer.send(new ProducerRecord<>(topic(capture), 0, null, record(capture, table, offset, statement)));
        }
    }

    private static String record(CaptureConfig capture, TableId table, Map<String, ?> offset, String statement) {
        HistoryRecord record = new HistoryRecord(
                Map.of("server", capture.name()), offset, table.schema(), null, statement, null, Instant.now());
        try {
            return DocumentWriter.defaultWriter().write(record.document());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String create(CaptureConfig capture, TableId table) throws SQLException {
        try (Connection connection = capture.database().connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("show create table " + quoted(capture, table))) {
            row.next();
            return row.getString(2);
        }
    }

    private static String quoted(CaptureConfig capture, TableId table) {
        return capture.database().dialect().quote(table);
    }
}
