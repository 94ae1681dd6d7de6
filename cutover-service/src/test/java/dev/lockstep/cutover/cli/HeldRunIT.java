package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.fence.Fences;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with a running migration from another terminal. */
@SuppressWarnings("NullAway.Init")
class HeldRunIT {

    private static final Duration PATIENCE = Duration.ofSeconds(100);

    @TempDir
    Path directory;

    private DnsWorld reports;

    @BeforeEach
    void start() {
        reports = new DnsWorld(directory, "reports", 20);
    }

    @AfterEach
    void stop() {
        reports.close();
    }

    @Test
    void holdsRefusedRowsUntilTheyAreSettledAndAllOfThemWhileItIsPaused() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                EmbeddedPostgres source = EmbeddedPostgres.start(directory.resolve("s"), 17, "127.0.0.1");
                EmbeddedPostgres target = EmbeddedPostgres.start(directory.resolve("t"), 17, "127.0.0.1")) {
            for (EmbeddedPostgres server : new EmbeddedPostgres[] {source, target}) {
                server.createDatabase("shop");
                execute(server, "create schema shop", "create table shop.item (id int primary key, price int)");
            }
            execute(source, "insert into shop.item values (1, 1)");
            execute(target, "alter table shop.item add constraint cheap check (price < 100)");
            Path file = file(kafka.bootstrap(), source, target);
            Migration migration = MigrationFile.load(file);

            try (RunProcess run = RunProcess.start(file, migration, directory.resolve("output.txt"))) {
                run.await("proof", PATIENCE, equal(1));
                assertThat(Command.run("dead-letters", "list", file.toString()).out())
                        .contains("no dead letters");

                execute(source, "insert into shop.item values (2, 200), (3, 3), (4, 400)");
                run.await(
                        "the rows are known to be missing",
                        PATIENCE,
                        status -> status.deadLetters() != null
                                && status.deadLetters().open() == 2
                                && status.proof().mismatches() == 2
                                && isClosed(status, "deadLetters"));
                assertThat(Command.run("cutover", file.toString()).errors()).contains("2 dead letters");
                assertThat(Command.run("status", file.toString()).out()).contains("2 rows refused by the target");
                assertThat(Command.run("dead-letters", "list", file.toString()).out())
                        .contains("shop.item (2)", "23514", "cheap", "make the constraint there agree");
                Command.Said listed = Command.run("dead-letters", "list", file.toString(), "--json", "--key", "(4)");
                assertThat(Json.read(listed.out(), Status.Letter[].class))
                        .singleElement()
                        .satisfies(letter -> assertThat(letter.letters()).isEqualTo(1));

                assertThat(Command.run("wave", "move", "--yes", file.toString()).errors())
                        .contains("wave reports does not move: ", "deadLetters: 2 dead letters");
                Command.Said refused = Command.run("dead-letters", "retry", file.toString());
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.errors()).contains("shop.item (2)", "shop.item (4)", "cheap");

                execute(source, "update shop.item set price = 20 where id = 2");
                run.await(
                        "it waits with its row",
                        PATIENCE,
                        status -> status.deadLetters() != null
                                && status.deadLetters().rows().stream().anyMatch(letter -> letter.letters() == 2));
                refused = Command.run("dead-letters", "retry", file.toString(), "--table", "shop.item");
                assertThat(refused.out()).contains("1 written");
                assertThat(refused.errors()).contains("shop.item (4)").doesNotContain("shop.item (2)");
                assertThat(Command.run("dead-letters", "discard", file.toString(), "--yes")
                                .out())
                        .contains("(4)", "1 discarded");
                run.await(
                        "it is still known to be missing",
                        PATIENCE,
                        status -> status.deadLetters() != null
                                && status.deadLetters().open() == 0
                                && status.proof().mismatches() == 1
                                && !isClosed(status, "deadLetters"));
                execute(source, "update shop.item set price = 40 where id = 4");
                run.await("all are equal", PATIENCE, equal(4));
                rehearse(run, file);
                moveReaders(run, file);
                writeToTheGuardedTarget(run, target, migration);
                reportTheProof(file, "with the run");

                assertThat(Command.run("pause", file.toString()).code()).isZero();
                execute(source, "insert into shop.item values (5, 5)");
                Status paused = run.await(
                        "the lag grows, and it is not capture's",
                        PATIENCE,
                        status -> lag(status, "applied") > 3000 && lag(status, "captured") < 1500);
                assertThat(paused.paused().change()).contains("asked");
                assertThat(paused.awaited()).contains("lockstep resume");
                assertThat(isClosed(paused, "pause")).isTrue();
                assertThat(Command.run("cutover", file.toString()).errors()).contains("pause");
                run.kill();
            }
            try (RunProcess run = RunProcess.start(file, migration, directory.resolve("output.txt"))) {
                Status paused =
                        run.await("the pause outlives the process", PATIENCE, status -> status.paused() != null);
                assertThatThrownBy(() -> execute(target, "update shop.item set price = 41 where id = 4"))
                        .as("the next run has closed the target again")
                        .hasMessageContaining("read-only transaction");
                assertThat(paused.changes().applied()).isZero();
                assertThat(Command.run("resume", file.toString()).code()).isZero();
                run.await("nothing is lost", PATIENCE, status -> status.paused() == null && equal(5).test(status));
                assertThat(Command.run("resume", file.toString()).errors()).contains("not paused");
                killWhileAnotherStandsBy(run, source, target, file);
            }
            assertThat(Command.run(
                                    "report",
                                    file.toString(),
                                    "--verify",
                                    json("with the run").toString())
                            .out())
                    .as("after two kills, and without the process")
                    .contains("as recorded");
            tamper(migration.state().resolve("record/chain"));
            Command.Said tampered = Command.run(
                    "report", file.toString(), "--verify", json("with the run").toString());
            assertThat(tampered.code()).isEqualTo(1);
            assertThat(tampered.out()).contains("NOT AS RECORDED", "after verdict", "the chain's file");
        }
    }

    private Path json(String directory) {
        return this.directory.resolve(directory).resolve("held-proof.json");
    }

    private void reportTheProof(Path file, String name) throws Exception {
        Path out = directory.resolve(name);
        assertThat(Command.run("report", file.toString(), "--out", out.toString())
                        .errors())
                .isEmpty();
        ProofReport report = Json.read(Files.readString(json(name)), ProofReport.class);
        assertThat(report.tables()).singleElement().satisfies(table -> {
            assertThat(table.table()).isEqualTo("shop.item");
            assertThat(table.rowsTarget()).isEqualTo(4);
            assertThat(table.digestSource()).hasSize(32).isEqualTo(table.digestTarget());
            assertThat(table.equalAt()).isPositive().isLessThan(table.verdicts());
        });
        assertThat(report.mismatches().history())
                .as("the refused rows and the foreign write, all healed")
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(row -> assertThat(row.healed()).isNotNull());
        assertThat(report.positions()).hasSize(1);
        assertThat(report.journal()).extracting(ProofReport.JournalEntry::entry).contains("COPYING", "FOLLOWING");
        assertThat(report.rules()).contains(new ProofReport.RuleUsed("apply.refusedRows", "QUARANTINE"));
        assertThat(report.chain().breaks()).isEmpty();
        assertThat(report.chain().points()).anyMatch(point -> point.unequal() > 0);
        assertThat(Files.readString(out.resolve("held-proof.html"))).contains("Every table is equal", "shop.item");
        Command.Said verified =
                Command.run("report", file.toString(), "--verify", json(name).toString());
        assertThat(verified.out()).contains("as recorded");
        assertThat(verified.code()).isZero();
    }

    private static void rehearse(RunProcess run, Path file) {
        Command.Said rehearsed = Command.run("rehearse", file.toString(), "--runs", "1");
        assertThat(rehearsed.errors()).isEmpty();
        assertThat(rehearsed.code()).isZero();
        assertThat(rehearsed.out())
                .contains("the cutover, rehearsed with 1 drills", "not tried with a write", "gate      ")
                .containsPattern("write pause: more than \\d+ ms expected, \\d+ ms at worst")
                .contains("not known before the first move")
                .doesNotContain("TROUBLE");
        run.await(
                "it is shown, and nothing has moved",
                PATIENCE,
                status -> status.forecast() != null
                        && status.forecast().drills() == 1
                        && status.phase().equals("FOLLOWING"));
        assertThat(Command.run("rehearse", file.toString(), "--runs", "21").code())
                .isEqualTo(1);
    }

    private void moveReaders(RunProcess run, Path file) {
        await(
                "the readers move once the figures of the start are forgotten",
                () -> Command.run("wave", "move", "--yes", file.toString()).code() == 0);
        assertThat(reports.shown().values()).containsExactly("127.0.0.3");
        run.await("the gate knows", PATIENCE, status -> !isClosed(status, "waves"));
        assertThat(Command.run("wave", "move", file.toString()).out()).contains("every wave has moved and held");

        assertThat(Command.run("wave", "back", "--yes", file.toString()).code()).isZero();
        assertThat(reports.shown().values()).containsExactly("127.0.0.2");
        run.await("the gate is closed again", PATIENCE, status -> isClosed(status, "waves"));
    }

    /** One digit of the first link. */
    private static void tamper(Path chain) throws Exception {
        String lines = Files.readString(chain);
        int at = lines.indexOf('\n') - 1;
        char other = lines.charAt(at) == '0' ? '1' : '0';
        Files.writeString(chain, lines.substring(0, at) + other + lines.substring(at + 1));
    }

    /** An application's write is refused, an administrator's that goes round is found, and so is a target that somebody has opened. */
    private static void writeToTheGuardedTarget(RunProcess run, EmbeddedPostgres target, Migration migration)
            throws Exception {
        String write = "update shop.item set price = 41 where id = 4";
        assertThatThrownBy(() -> execute(target, write)).hasMessageContaining("read-only transaction");
        execute(target, "set default_transaction_read_only = off", write);
        run.await(
                "the foreign write is found", PATIENCE, status -> status.proof().mismatches() == 1);
        execute(target, "set default_transaction_read_only = off", write.replace("41", "40"));
        run.await("it is mended", PATIENCE, status -> status.proof().mismatches() == 0);
        Fences.of(migration, Side.TARGET).lower();
        run.await(
                "it is said that the target is open",
                PATIENCE,
                status -> status.troubles().stream().anyMatch(said -> said.contains("takes writes of others")));
    }

    /** What is captured and not applied when it dies, the other applies. */
    private void killWhileAnotherStandsBy(RunProcess run, EmbeddedPostgres source, EmbeddedPostgres target, Path file)
            throws Exception {
        Path output = directory.resolve("standby.txt");
        Process standby = Command.start(output, "run", "--role", "apply", file.toString());
        try (Connection holding = connect(target);
                var session = holding.createStatement()) {
            await("it stands by", () -> Files.readString(output).contains("stands by"));
            holding.setAutoCommit(false);
            session.execute("set transaction read write");
            session.execute("lock table shop.item in exclusive mode");
            execute(source, "insert into shop.item values (6, 6)");
            run.await("it waits for the lock", PATIENCE, status -> lag(status, "applied") > 3000);
            run.kill();
            holding.rollback();
            await("the other applies it", () -> holds(session, 6));
            assertThat(Files.readString(output)).contains("applies");
        } finally {
            standby.destroy();
            standby.waitFor();
        }
    }

    private static boolean holds(java.sql.Statement session, int id) throws Exception {
        try (var rows = session.executeQuery("select 1 from shop.item where id = " + id)) {
            return rows.next();
        }
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(condition);
    }

    private static long lag(Status status, String stage) {
        Long millis = status.lag().get(stage).nowMillis();
        return millis == null ? -1 : millis;
    }

    private static boolean isClosed(Status status, String rule) {
        return status.gates().stream()
                .anyMatch(gate -> gate.rule().equals(rule) && gate.state().equals("CLOSED"));
    }

    private Path file(String kafka, EmbeddedPostgres source, EmbeddedPostgres target) throws Exception {
        return Files.writeString(directory.resolve("m.yaml"), """
                migration: held
                state: %s
                source: {url: "%s", user: %s}
                target: {url: "%s", user: %s}
                tables: {include: ["shop.*"]}
                apply: {refusedRows: quarantine}
                kafka: {bootstrap: "%s"}
                waves:
                  - name: reports
                    hold: 1s
                    dns:
                      - %s
                """.formatted(
                        directory.resolve("state"),
                        source.url("shop"),
                        source.user(),
                        target.url("shop"),
                        target.user(),
                        kafka,
                        reports.yaml().strip().replace("\n", "\n    ")));
    }

    private static Predicate<Status> equal(long items) {
        return status ->
                status.proof().tables().stream().anyMatch(table -> table.equal() && table.rowsSource() == items);
    }

    private static void execute(EmbeddedPostgres server, String... lines) throws Exception {
        try (Connection connection = connect(server);
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws Exception {
        return DriverManager.getConnection(server.url("shop"), server.user(), server.password());
    }
}
