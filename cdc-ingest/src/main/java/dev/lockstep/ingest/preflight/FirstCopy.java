package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;

import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the migration begins: on empty tables, or where its own state and the target say that it was. */
public final class FirstCopy {

    /** PostgreSQL's insufficient privilege, and what MySQL and MariaDB say. */
    private static final Set<String> FORBIDDEN = Set.of("42501", "42000");

    private FirstCopy() {}

    /**
     * @param appliedTopic the topic that the target says was applied; null: none was
     * @param stateThere whether Kafka has that topic still, as far as it can be seen: of the embedded one whether its files are there
     * @param filled tables of the target that have rows
     * @param together whether one truncate may name several, which on PostgreSQL those that refer to each other need
     */
    record State(@Nullable String appliedTopic, boolean stateThere, List<String> filled, boolean together) {

        boolean begun() {
            return appliedTopic != null;
        }
    }

    static State look(Migration migration, Connection target, List<TableMapping> tables, @Nullable KafkaFacts kafka)
            throws SQLException {
        Dialect dialect = migration.target().dialect();
        String topic = appliedTopic(target, dialect);
        List<TableMapping> filled = topic == null ? filled(target, dialect, tables) : List.of();
        return new State(
                topic,
                stateThere(migration, topic, kafka),
                filled.stream().map(table -> dialect.quote(table.target())).toList(),
                dialect.engine().equals("postgresql"));
    }

    /** Those whose table on the target has rows. */
    public static List<TableMapping> filled(Connection target, Dialect dialect, List<TableMapping> tables)
            throws SQLException {
        List<TableMapping> filled = new ArrayList<>();
        for (TableMapping table : tables) if (hasRows(target, dialect.quote(table.target()))) filled.add(table);
        return filled;
    }

    private static boolean stateThere(Migration migration, @Nullable String applied, @Nullable KafkaFacts kafka) {
        if (migration.kafka().bootstrap() == null)
            return Files.isDirectory(migration.state().resolve("kafka"));
        if (kafka == null) return true; // there is a finding for that
        KafkaFacts.Topic topic = kafka.topics().get(new Topics(migration.name()).sourceChanges());
        return topic != null && topic.id().equals(applied);
    }

    private static @Nullable String appliedTopic(Connection target, Dialect dialect) throws SQLException {
        try (var statement = target.createStatement();
                var table = statement.executeQuery("select 1 from information_schema.tables where table_schema = '"
                        + ControlTables.APPLIED.schema() + "' and table_name = '" + ControlTables.APPLIED.name()
                        + "'")) {
            if (!table.next()) return null;
        }
        try (var statement = target.createStatement();
                var row = statement.executeQuery("select topic from " + dialect.quote(ControlTables.APPLIED)
                        + " where direction = 'FORWARD' and lane = 0")) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** A table that may not be read has a finding already. */
    private static boolean hasRows(Connection target, String table) throws SQLException {
        try (var statement = target.createStatement();
                var row = statement.executeQuery("select 1 from " + table + " limit 1")) {
            return row.next();
        } catch (SQLException e) {
            if (FORBIDDEN.contains(String.valueOf(e.getSQLState()))) return false;
            throw e;
        }
    }

    static Finding judge(State state) {
        if (state.begun() && !state.stateThere())
            return fail(
                    "target",
                    "holds what an earlier run has applied (lockstep.applied), but that run's state directory or Kafka topic is gone,"
                            + " and with it the changes on their way",
                    "bring it back; or start anew: empty the target's tables, and drop the database or schema"
                            + " lockstep on both sides");
        if (state.begun()) return pass("target", "carries on where it was");
        if (state.filled().isEmpty()) return pass("target", "its tables are empty");
        return fail(
                "target",
                "tables have rows before the first copy: " + String.join(", ", state.filled())
                        + "; they would stay beside the source's",
                "empty them: truncate table "
                        + String.join(state.together() ? ", " : "; truncate table ", state.filled()));
    }
}
