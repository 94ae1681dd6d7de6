package dev.lockstep.stream.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Measures, on request: {@code -Dlockstep.scan.rows=1000000}; beside pt-table-checksum where it is installed. */
@EnabledIfSystemProperty(named = "lockstep.scan.rows", matches = "[0-9]+")
class ScanBenchmark {

    private static final int ROWS = Integer.getInteger("lockstep.scan.rows", 0);
    private static final int RUNS = Integer.getInteger("lockstep.scan.runs", 5);

    @TempDir
    Path directory;

    @Test
    void postgresToPostgres() throws Exception {
        try (EmbeddedPostgres source = EmbeddedPostgres.start(directory.resolve("s"), 17, "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            Endpoint from = on(source);
            measure("pg-pg", from, on(target), "md5 of the whole table in psql", () -> md5(from));
        }
    }

    @Test
    void mariaDbToMariaDb() throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1");
                EmbeddedMariaDb target = EmbeddedMariaDb.start(directory.resolve("t"), "127.0.0.1")) {
            Endpoint from = on(source);
            measure("maria-maria", from, on(target), "pt-table-checksum of the source", () -> percona(from));
        }
    }

    @Test
    void mariaDbToPostgres() throws Exception {
        try (EmbeddedMariaDb source = EmbeddedMariaDb.start(directory.resolve("s"), "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            Endpoint from = on(source);
            measure("maria-pg", from, on(target), "pt-table-checksum of the source", () -> percona(from));
        }
    }

    private static Endpoint on(EmbeddedPostgres server) throws SQLException {
        server.createDatabase("measured");
        return new Endpoint(server.url("measured"), server.user(), null);
    }

    private static Endpoint on(EmbeddedMariaDb server) throws SQLException {
        server.createDatabase("measured");
        return new Endpoint(server.url("measured"), server.user(), null);
    }

    private void measure(String name, Endpoint source, Endpoint target, String peer, Callable<Double> other)
            throws Exception {
        for (Endpoint side : List.of(source, target)) {
            Twin.aside(side, Items.items(side));
            Items.fill(side, ROWS);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                Twin twin = new Twin(kafka.bootstrap(), name, directory, source, target, "{every: 0s}");
                Scanner scanner = Scanner.start(
                        twin.migration,
                        kafka.bootstrap(),
                        twin.topics,
                        List.of(Items.mapping(source, target)),
                        Clock.systemUTC())) {
            scanner.follow(Direction.FORWARD);
            List<Double> seconds = new ArrayList<>();
            List<Double> others = new ArrayList<>();
            await().atMost(Duration.ofMinutes(3)).until(() -> isDone(scanner));
            for (int run = 0; run < RUNS; run++) {
                Pass pass = again(scanner);
                assertThat(pass.clean()).isEqualTo(pass.started());
                seconds.add(seconds(pass));
                others.add(other.call());
            }
            System.out.printf(
                    "%s: scan of both sides %,.0f rows/s; %s %,.0f rows/s; seconds %s and %s%n",
                    name, ROWS / median(seconds), peer, ROWS / median(others), seconds, others);
            for (int i = 1; i <= 10; i++)
                Twin.aside(target, "update item set price = price + 1 where id = " + (ROWS / 11 * i + i));
            Pass pass = again(scanner);
            assertThat(pass.differences()).isEqualTo(10);
            System.out.printf(
                    "%s: 10 bad rows located in %.2f s, %,d rows read, %,d read again%n",
                    name, seconds(pass), pass.rowsRead(), pass.rowsReread());
        }
    }

    private static boolean isDone(Scanner scanner) {
        return scanner.view().passes().stream().anyMatch(Pass::done);
    }

    private static Pass again(Scanner scanner) {
        Pass before = scanner.view().passes().get(0);
        scanner.ask(List.of(), null);
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            Pass pass = scanner.view().passes().get(0);
            return pass.done() && pass.started().isAfter(before.started());
        });
        return scanner.view().passes().get(0);
    }

    private static double seconds(Pass pass) {
        return Duration.between(pass.started(), pass.at()).toNanos() / 1e9;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static double md5(Endpoint side) throws SQLException {
        long begun = System.nanoTime();
        try (Connection connection = side.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select md5(string_agg(t::text, ',' order by id)) from item t")) {
            row.next();
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    /** NaN where it is not installed. */
    private static double percona(Endpoint side) throws Exception {
        long begun = System.nanoTime();
        Process process;
        try {
            process = new ProcessBuilder(
                            "pt-table-checksum",
                            "--no-version-check",
                            "--recursion-method=none",
                            "--no-check-binlog-format",
                            "--no-check-replication-filters",
                            "--databases=" + side.database(),
                            "--tables=item",
                            "h=127.0.0.1,P=" + side.port() + ",u=" + side.user())
                    .inheritIO()
                    .start();
        } catch (java.io.IOException notInstalled) {
            return Double.NaN;
        }
        assertThat(process.waitFor()).isZero();
        return (System.nanoTime() - begun) / 1e9;
    }
}
