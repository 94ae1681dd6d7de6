package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.ControlTables;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.apply.Appliers;
import dev.lockstep.stream.apply.ApplyConfig;
import dev.lockstep.stream.prove.ProofConfig;
import dev.lockstep.stream.prove.ProofJob;
import dev.lockstep.stream.scan.Difference;
import dev.lockstep.stream.scan.Scanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes are lost, doubled and swapped between the source's log and everybody who reads it, so that both sides' topics agree on rows that
 * the source has otherwise. The proof names what the images before changes tell of, a scan whatever differs in the databases; between them
 * no row is missed and no other is named, and a repair mends all.
 */
class TopicFaultsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int ROWS = 20;

    /** Of each row two changes, made one after the other; of row 5 a third one that comes through. */
    private static final Map<String, Meddler.Fault> FAULTS = Map.of(
            "(1)", (before, change) -> List.of(), // lost: the change
            "(3)", (before, change) -> List.of(), // the delete
            "(104)", (before, change) -> List.of(), // the insert
            "(2)", (before, change) -> before.isEmpty() ? List.of() : List.of(change),
            "(5)", TopicFaultsIT::firstTwiceAndNotTheSecond,
            "(6)", TopicFaultsIT::firstTwiceAndNotTheSecond,
            "(7)", (before, change) -> before.isEmpty() ? List.of() : List.of(change, before.get(0)), // swapped
            "(8)", TopicFaultsIT::swappedInPlace,
            "(9)", TopicFaultsIT::staleOverNewer,
            "(10)", (before, change) -> List.of(before.isEmpty() ? change : at(change.position(), before.get(0))));

    private static final Map<String, String> NAMED_BY_IMAGES = Map.of(
            "(2)", "LOST_ON_SOURCE",
            "(5)", "LOST_ON_SOURCE",
            "(7)", "DIFFERS", // the applier knows that the older one is old; the proof says that they came out of order
            "(8)", "LOST_ON_SOURCE",
            "(9)", "LOST_ON_SOURCE",
            "(10)", "LOST_ON_SOURCE");

    /** Where the log has the key alone of the row before. */
    private static final Map<String, String> NAMED_BY_DIGESTS = Map.of("(7)", "DIFFERS");

    private static final Map<String, String> FOUND_IN_DATABASES = Map.of(
            "(1)", "DIFFERS",
            "(3)", "UNEXPECTED",
            "(104)", "MISSING",
            "(6)", "DIFFERS",
            "(8)", "DIFFERS",
            "(9)", "DIFFERS",
            "(10)", "DIFFERS");

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
    }

    @AfterAll
    static void stop() {
        mariaDb.close();
        postgres.close();
        kafka.close();
    }

    private static List<ChangeEvent> firstTwiceAndNotTheSecond(List<ChangeEvent> before, ChangeEvent change) {
        return List.of(before.size() == 1 ? before.get(0) : change);
    }

    private static List<ChangeEvent> swappedInPlace(List<ChangeEvent> before, ChangeEvent change) {
        if (before.isEmpty()) return List.of();
        ChangeEvent first = before.get(0);
        return List.of(at(first.position(), change), at(change.position(), first));
    }

    private static List<ChangeEvent> staleOverNewer(List<ChangeEvent> before, ChangeEvent change) {
        if (before.isEmpty()) return List.of(change);
        Position place = change.position();
        Position behind = new Position(place.major(), place.minor(), place.index() + 1);
        return List.of(change, at(behind, before.get(0)));
    }

    private static ChangeEvent at(Position place, ChangeEvent change) {
        return new ChangeEvent(
                change.table(), change.operation(), change.before(), change.after(), place, change.transaction());
    }

    @Test
    void areCaughtFromPostgresToMariaDb() throws Exception {
        postgres.createDatabase("topic_source");
        mariaDb.createDatabase("shop");
        prove(
                "topic-pg",
                new Endpoint(postgres.url("topic_source"), postgres.user(), null),
                new Endpoint(mariaDb.url("shop"), mariaDb.user(), null));
    }

    @Test
    void areCaughtFromMariaDbToPostgres() throws Exception {
        mariaDb.createDatabase("shop");
        postgres.createDatabase("topic_target");
        prove(
                "topic-maria",
                new Endpoint(mariaDb.url("shop"), mariaDb.user(), null),
                new Endpoint(postgres.url("topic_target"), postgres.user(), null));
    }

    private static void prove(String name, Endpoint source, Endpoint target) throws Exception {
        for (Endpoint side : List.of(source, target)) create(side);
        fill(source);
        Path file = Files.writeString(directory.resolve(name + ".yaml"), """
                migration: %s
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                """.formatted(
                        name, directory.resolve(name), source.url(), source.user(), target.url(), target.user()));
        try (Meddled run = new Meddled(MigrationFile.load(file))) {
            run.await("the copy is proven", Map.of());

            change(source);

            Map<String, String> named = new TreeMap<>(rows("shop.thing", NAMED_BY_IMAGES));
            named.putAll(rows("shop.lean", isPostgres(source) ? NAMED_BY_DIGESTS : NAMED_BY_IMAGES));
            Map<String, String> found = new TreeMap<>(rows("shop.thing", FOUND_IN_DATABASES));
            found.putAll(rows("shop.lean", FOUND_IN_DATABASES));
            run.await("just these rows are named", named);
            assertThat(run.scanned()).isEqualTo(found);
            run.await("and no others meanwhile", named);

            run.repair();
            run.await("all are the same again", Map.of());
            assertThat(run.scanned()).isEmpty();
            for (String table : List.of("shop.thing", "shop.lean"))
                assertThat(TableRows.of(target, table)).isEqualTo(TableRows.of(source, table));
        } finally {
            execute(isPostgres(source) ? target : source, "drop database shop", "drop database lockstep");
        }
    }

    private static Map<String, String> rows(String table, Map<String, String> kinds) {
        Map<String, String> rows = new HashMap<>();
        kinds.forEach((key, kind) -> rows.put(table + " " + key, kind));
        return rows;
    }

    private static boolean isPostgres(Endpoint side) {
        return side.dialect().engine().equals("postgresql");
    }

    private static void create(Endpoint side) throws SQLException {
        if (isPostgres(side)) execute(side, "create schema shop");
        for (String table : List.of("thing", "lean"))
            execute(side, "create table shop." + table + " (id int primary key, a varchar(40))");
        if (isPostgres(side)) execute(side, "alter table shop.thing replica identity full");
    }

    private static void fill(Endpoint source) throws SQLException {
        for (String table : List.of("thing", "lean"))
            for (int id = 1; id <= ROWS; id++) execute(source, insert(table, id));
    }

    private static String insert(String table, int id) {
        return "insert into shop." + table + " values (" + id + ", 'v0')";
    }

    private static void change(Endpoint source) throws SQLException {
        for (String table : List.of("thing", "lean")) {
            String set = "update shop." + table + " set a = 'v%d' where id = %d";
            execute(source, "delete from shop." + table + " where id = 3", insert(table, 104), insert(table, 105));
            for (int id : List.of(2, 5, 6, 7, 9, 10, 11)) execute(source, set.formatted(1, id), set.formatted(2, id));
            execute(source, set.formatted(1, 1), set.formatted(3, 5));
            execute(source, "start transaction", set.formatted(1, 8), set.formatted(2, 8), "commit");
        }
    }

    private static void execute(Endpoint side, String... statements) throws SQLException {
        try (Connection connection = side.connectWriter();
                var statement = connection.createStatement()) {
            for (String line : statements) statement.execute(line);
        }
    }

    /** A migration whose source's changes go through a {@link Meddler}; everything else is as ever. */
    private static final class Meddled implements AutoCloseable {

        private final Migration migration;
        private final Topics topics;
        private final List<TableMapping> tables;
        private final Captures source;
        private final Scanner scanner;
        private final ProofJob proof;
        private final Appliers appliers;
        private final Set<RowKey> suspects = new HashSet<>();
        private final Parts parts = new Parts();

        Meddled(Migration migration) throws Exception {
            this.migration = migration;
            topics = new Topics(migration.name());
            Topics captured = new Topics(migration.name() + "-captured");
            Files.createDirectories(migration.state());
            tables =
                    TableMapping.ofLane(0, Beginning.look(migration).agreement().tables());
            for (Topics each : List.of(captured, topics)) TopicSetup.create(kafka.bootstrap(), each, 1);
            BarrierWriter.prepare(migration.source(), Direction.FORWARD, 1);
            try (Connection connection = migration.target().connectWriter()) {
                ControlTables.createBarrier(connection, migration.target().dialect());
            }
            Clock clock = Clock.systemUTC();
            ConnectWorker worker = parts.add(ConnectWorker.start(kafka.bootstrap(), topics, 1));
            BarrierWriter barriers = parts.add(BarrierWriter.held(
                    migration.source(), Direction.FORWARD, migration.barrier().interval(), clock));
            source = parts.add(
                    Captures.start(List.of(capture(worker, captured, Side.SOURCE)), barriers::release, clock));
            parts.add(new Meddler(kafka.bootstrap(), captured, topics, FAULTS));
            appliers = parts.add(Appliers.start(
                    List.of(ApplyConfig.of(
                            migration, Direction.FORWARD, kafka.bootstrap(), topics, tables, Set.of(), 0, clock)),
                    false));
            TopicFaultsIT.await("the copy").until(() -> appliers.progress().barrierMicros() > 0);
            parts.add(Captures.start(List.of(capture(worker, topics, Side.TARGET)), () -> {}, clock));
            proof = parts.add(
                    ProofJob.start(new ProofConfig(kafka.bootstrap(), topics, tables, 1, 1, migration.state())));
            scanner = parts.add(Scanner.start(migration, kafka.bootstrap(), topics, tables, clock));
        }

        private CaptureConfig capture(ConnectWorker worker, Topics into, Side side) {
            return new CaptureConfig(
                    worker.url(),
                    kafka.bootstrap(),
                    into,
                    side,
                    migration.on(side),
                    tables,
                    0,
                    migration.copy().shared(1));
        }

        /** Until the newest verdicts say just this, and by table and key just these rows are open. */
        void await(String what, Map<String, String> rows) {
            long applied = appliers.progress().barrierMicros();
            TopicFaultsIT.await(what).untilAsserted(() -> {
                assertThat(appliers.failure()).isEmpty();
                assertThat(proof.failure()).isEmpty();
                assertThat(mismatches()).isEqualTo(rows);
                List<TableVerdict> newest = newestVerdicts();
                assertThat(newest)
                        .hasSize(tables.size())
                        .allSatisfy(verdict ->
                                assertThat(verdict.getBarrierMicros()).isGreaterThan(applied));
                assertThat(newest.stream()
                                .mapToLong(TableVerdict::getMismatches)
                                .sum())
                        .isEqualTo(rows.size());
                if (rows.isEmpty())
                    assertThat(newest)
                            .allSatisfy(verdict ->
                                    assertThat(verdict.getDigestSource()).isEqualTo(verdict.getDigestTarget()));
            });
        }

        private Map<String, String> mismatches() {
            Map<String, String> open = new TreeMap<>();
            for (ConsumerRecord<byte[], byte[]> message : read(topics.mismatches())) {
                RowKey row = Messages.decodeKey(message.key());
                suspects.add(row);
                Mismatch mismatch = message.value() == null ? null : Messages.MISMATCH.decode(message.value());
                if (mismatch == null) open.remove(shown(row));
                else open.put(shown(row), mismatch.getKind().name());
            }
            return open;
        }

        private static String shown(RowKey row) {
            return row.table() + " " + row.display();
        }

        private List<TableVerdict> newestVerdicts() {
            Map<String, TableVerdict> newest = new TreeMap<>();
            for (ConsumerRecord<byte[], byte[]> message : read(topics.verdicts())) {
                TableVerdict verdict = Messages.TABLE_VERDICT.decode(message.value());
                newest.put(verdict.getTable(), verdict);
            }
            return List.copyOf(newest.values());
        }

        private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
            Properties client = new Properties();
            client.put("bootstrap.servers", kafka.bootstrap());
            return TopicReader.readAll(client, new TopicPartition(topic, 0));
        }

        /** What a scan that begins now finds. */
        Map<String, String> scanned() {
            var begun = Clock.systemUTC().instant();
            scanner.follow(Direction.FORWARD);
            scanner.ask(List.of(), null);
            TopicFaultsIT.await("a scan")
                    .until(() -> scanner.view().passes().stream()
                                    .filter(pass ->
                                            pass.done() && !pass.started().isBefore(begun))
                                    .count()
                            == tables.size());
            Map<String, String> found = new TreeMap<>();
            for (Difference difference : scanner.view().differences()) {
                suspects.add(difference.key());
                found.put(shown(difference.key()), difference.kind().name());
            }
            return found;
        }

        /** All rows that the proof or the scan ever named. */
        void repair() throws Exception {
            source.lanes().findFirst().orElseThrow().capture.refresh(List.copyOf(suspects));
        }

        @Override
        public void close() {
            parts.close();
        }
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(200));
    }
}
