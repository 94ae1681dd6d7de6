package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lockstep check} as an operator calls it, on two databases of one PostgreSQL server. */
class CheckCommandIT {

    @TempDir
    static Path directory;

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws SQLException {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1");
        for (String name : new String[] {"old", "new"}) {
            postgres.createDatabase(name);
            execute(name, "create table seen (device int not null, at int not null, note int, unique (device, at))");
        }
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void namesWhatFailsWithTheStatementAndMendsIt() throws Exception {
        Path file = migration("mends", "");

        String before = check(1, file);
        assertThat(before)
                .contains("FAIL  source public.seen: its replica identity leaves the key")
                .contains("remedy: alter table \"public\".\"seen\" replica identity")
                .contains("2 failures")
                .doesNotContain("PASS");
        JsonNode json = new ObjectMapper().readTree(check(1, file, "--json"));
        assertThat(json.path("passed").asBoolean(true)).isFalse();
        assertThat(json.path("sourceVersion").asText()).startsWith("17");
        assertThat(json.path("findings")).anySatisfy(finding -> {
            assertThat(finding.path("level").asText()).isEqualTo("FAIL");
            assertThat(finding.path("subject").asText()).isEqualTo("target public.seen");
            assertThat(finding.at("/fix/statements/0").asText()).contains("replica identity full");
        });

        assertThat(check(0, file, "--fix", "--yes")).contains("0 failures; 1 tables pair");
        assertThat(check(0, file, "--all")).contains("PASS  source: wal_level is logical", "its tables are empty");
    }

    @Test
    void showsTheLineOfANameThatMeansNothing() throws Exception {
        Path file = migration("names", """
                tables:
                  include: ["public.*", "shopp.*"]
                  each:
                    public.seem: {target: other}
                    public.seen: {key: [device, att], renameColumns: {nothing: x}}
                """);

        assertThat(check(1, file))
                .contains(file + ":6: tables.include.1: 'shopp.*' matches no table")
                .contains(file + ":8: tables.each.public.seem: the source has no such table")
                .contains(file + ":9: tables.each.public.seen.key: public.seen has no column [att]")
                .contains(file + ":9: tables.each.public.seen.renameColumns: public.seen has no column nothing")
                .contains("its columns: [device, at, note]");
    }

    @Test
    void refusesATargetThatHasRows() throws Exception {
        execute("old", "create table filled (id int primary key)");
        execute("new", "create table filled (id int primary key)");
        execute("new", "insert into filled values (1)");
        try {
            assertThat(check(1, migration("rows", "tables: {include: [public.filled]}\n")))
                    .contains("tables have rows before the first copy: \"public\".\"filled\"");
            assertThat(check(1, migration("rows", "tables: {include: [public.filled]}\n"), "--fix", "--yes"))
                    .as("what deletes rows is never run by itself")
                    .contains("tables have rows before the first copy");
        } finally {
            execute("old", "drop table filled");
            execute("new", "drop table filled");
        }
    }

    @Test
    void listsWhatHangsOnTheSourceUntilItIsAccountedFor() throws Exception {
        execute("old", "create role reader");
        execute("old", "create view recent as select * from seen where at > 0");
        execute("new", "create view other as select 1");
        try {
            String tables = "tables: {include: [public.seen]}\n";
            assertThat(lockstep("inventory", 1, migration("hangs", tables)))
                    .contains(
                            "open      view public.recent: the target shows none",
                            "1 open",
                            "    \"view public.recent\": ...",
                            "No gate asks for it")
                    .doesNotContain("table public.seen", "other", "reader");

            Path file =
                    migration("hangs", tables + "inventory: {settled: {\"view public.recent\": nobody reads it}}\n");
            assertThat(lockstep("inventory", 0, file, "--all"))
                    .contains("settled   view public.recent: nobody reads it", "on target user reader", "0 open")
                    .doesNotContain("No gate");
            JsonNode items = new ObjectMapper()
                    .readTree(lockstep("inventory", 0, file, "--json"))
                    .path("items");
            assertThat(items).anySatisfy(item -> {
                assertThat(item.path("item").asText()).isEqualTo("view public.recent");
                assertThat(item.path("status").asText()).isEqualTo("SETTLED");
            });
        } finally {
            execute("old", "drop view recent");
            execute("new", "drop view other");
            execute("old", "drop role reader");
        }
    }

    @Test
    void twoIsWrongUsage() {
        assertThat(Lockstep.commandLine().execute("check", "--fixx")).isEqualTo(2);
    }

    private static Path migration(String name, String tables) throws Exception {
        return Files.writeString(directory.resolve(name + ".yaml"), """
                migration: %s
                state: %s
                source: {url: "%s", user: postgres}
                target: {url: "%s", user: postgres}
                %s""".formatted(
                        name, directory.resolve("state"), postgres.url("old"), postgres.url("new"), tables));
    }

    private static String check(int exitCode, Path file, String... options) {
        return lockstep("check", exitCode, file, options);
    }

    private static String lockstep(String command, int exitCode, Path file, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = command;
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        PrintStream terminal = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            int code = Lockstep.commandLine().execute(arguments);
            assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isEqualTo(exitCode);
        } finally {
            System.setOut(terminal);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void execute(String database, String line) throws SQLException {
        try (var connection = new Endpoint(postgres.url(database), "postgres", null).connect();
                var statement = connection.createStatement()) {
            statement.execute(line);
        }
    }
}
