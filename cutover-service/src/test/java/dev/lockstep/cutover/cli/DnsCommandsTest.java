package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.cli.Command.Said;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees and does of DNS; the databases are not asked. */
@SuppressWarnings("NullAway.Init")
class DnsCommandsTest {

    @TempDir
    Path directory;

    private DnsWorld shop;
    private DnsWorld bank;
    private String file;

    @BeforeEach
    void start() throws IOException {
        shop = new DnsWorld(directory, "shop", 3600);
        bank = new DnsWorld(directory, "bank", 20);
        Path yaml = Files.writeString(directory.resolve("migration.yaml"), """
                migration: shop
                state: %s
                source: {url: "jdbc:postgresql://127.0.0.1:1/a", user: u}
                target: {url: "jdbc:postgresql://127.0.0.1:1/b", user: u}
                dns:
                  - %s
                  - %s
                """.formatted(
                directory.resolve("state"), shop.yaml().strip(), bank.yaml().strip()));
        file = yaml.toString();
    }

    @AfterEach
    void stop() {
        shop.close();
        bank.close();
    }

    @Test
    void showsWhatWillBeSentZoneByZoneAndSendsNothing() {
        Said said = Command.run("plan", file);

        assertThat(said.code()).as(said.errors()).isZero();
        assertThat(said.out().lines())
                .containsSubsequence(
                        "~ db.shop.test. A: 127.0.0.2 (ttl 3600) -> 127.0.0.3 (ttl 3600)",
                        "  by an update to " + shop.address()
                                + ", signed with key lockstep.key: all or nothing, and nothing if any record set is not as required",
                        "  requires db.shop.test. A 127.0.0.2",
                        "  requires db.shop.test. AAAA 2001:db8:0:0:0:0:0:2",
                        "  deletes db.shop.test. A",
                        "  deletes db.shop.test. AAAA",
                        "  adds db.shop.test. A 127.0.0.3 (ttl 3600)",
                        "  reads back from " + shop.address(),
                        "  reads back from " + bank.address());
        assertThat(shop.shown().values()).containsExactly("127.0.0.2");
    }

    @Test
    void namesThePlanThatIsNotSafe() {
        bank.close();

        Said said = Command.run("plan", file);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("UNSAFE: dns server " + bank.address() + " does not answer");
        assertThat(Command.run("plan", "--json", file).out()).contains("\"unsafe\":[\"dns server");
    }

    @Test
    void namesTheKeyThatAServerDoesNotTake() throws IOException {
        Path other = Files.writeString(
                directory.resolve("other.yaml"),
                Files.readString(Path.of(file)).replaceFirst("lockstep.key", "stranger.key"));

        Said said = Command.run("plan", other.toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .containsOnlyOnce("UNSAFE")
                .contains("UNSAFE: dns server " + shop.address() + " answered NOTAUTH, BADKEY", "dns.key.name");
    }

    @Test
    void lowersAndRestoresTheTtlAsAskedAndSendsNothingInADryRun() {
        Said dry = Command.run("ttl", "lower", "--to", "30", "--dry-run", file);
        assertThat(dry.out()).contains("~ db.shop.test. A: 127.0.0.2 (ttl 3600) -> 127.0.0.2 (ttl 30)");
        assertThat(shop.shown().ttl()).isEqualTo(3600);

        Said lower = Command.run("ttl", "lower", "--yes", file);
        assertThat(lower.code()).as(lower.errors()).isZero();
        assertThat(lower.out()).contains("zone shop.test. shows it on all servers", "zone bank.test. shows it");
        assertThat(shop.shown().ttl()).isEqualTo(60);
        assertThat(bank.shown().ttl()).as("it was lower already").isEqualTo(20);

        Said restore = Command.run("ttl", "restore", "--yes", file);
        assertThat(restore.code()).as(restore.errors()).isZero();
        assertThat(shop.shown().ttl()).isEqualTo(3600);
        assertThat(Command.run("ttl", "restore", "--yes", file).out()).contains("nothing to restore");
    }

    @Test
    void restoresTtlsWhenTheMigrationIsOverAndNamesWhatIsLeft() {
        Migration migration = MigrationFile.load(Path.of(file));
        assertThat(Command.run("ttl", "lower", "--yes", file).code()).isZero();
        bank.close();

        List<String> left = Ttls.atTheEnd(migration);

        assertThat(left).singleElement().asString().contains(bank.address(), "lockstep ttl restore");
        assertThat(shop.shown().ttl()).as("a zone does not wait for another").isEqualTo(3600);
    }

    @Test
    void showsWavesMovesNoneWithoutTheRunAndTakesThemBackWithoutIt() throws IOException {
        Path waves = Files.writeString(
                directory.resolve("waves.yaml"), """
                migration: shop
                state: %s
                source: {url: "jdbc:postgresql://127.0.0.1:1/a", user: u}
                target: {url: "jdbc:postgresql://127.0.0.1:1/b", user: u}
                waves:
                  - name: reports
                    dns:
                      - %s
                  - name: search
                    dns:
                      - %s
                """.formatted(directory.resolve("state"), nested(bank), nested(shop)));

        Said dry = Command.run("wave", "move", "--dry-run", waves.toString());
        assertThat(dry.code()).as(dry.errors()).isZero();
        assertThat(dry.out().lines())
                .containsSubsequence(
                        "wave reports",
                        "~ db.bank.test. A: 127.0.0.2 (ttl 20) -> 127.0.0.3 (ttl 20)",
                        "wave search",
                        "~ db.shop.test. A: 127.0.0.2 (ttl 3600) -> 127.0.0.3 (ttl 3600)");

        Said move = Command.run("wave", "move", "--yes", waves.toString());
        assertThat(move.code()).isEqualTo(1);
        assertThat(move.errors()).contains("wave reports does not move: ", "does not run here");
        assertThat(bank.shown().values()).containsExactly("127.0.0.2");

        Said back = Command.run("wave", "back", "--yes", waves.toString());
        assertThat(back.code()).as(back.errors()).isZero();
        assertThat(back.out().lines()).containsSubsequence("wave search", "wave reports");
        assertThat(Command.run("wave", "move", "--only", "none", waves.toString())
                        .errors())
                .contains("no wave none", "[reports, search]");
    }

    private static String nested(DnsWorld world) {
        return world.yaml().strip().replace("\n", "\n    ");
    }

    @Test
    void refusesATtlThatIsNone() {
        assertThat(Command.run("ttl", "lower", "--to", "-1", file).code()).isEqualTo(2);
    }
}
