package dev.lockstep.schemas.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.table.TableId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationFileTest {

    private static final String LEAST = """
            migration: shop
            source: {url: "jdbc:postgresql://a:5432/shop", user: lockstep, password: "${env:A}"}
            target: {url: "jdbc:mariadb://b/shop", user: lockstep}
            """;

    @Test
    void fillsInDefaults() {
        Migration migration = parse(LEAST);

        assertThat(migration.barrier().interval()).isEqualTo(Duration.ofMillis(250));
        assertThat(migration.cutover().mode()).isEqualTo(Migration.Mode.MANUAL);
        assertThat(migration.cutover().hold()).isEqualTo(Duration.ofSeconds(30));
        assertThat(migration.state()).isEqualTo(Path.of(".lockstep/shop"));
        assertThat(migration.target().port()).isEqualTo(3306);
        assertThat(migration.tables().matches("shop.orders")).isTrue();
    }

    @Test
    void fillsInWhatASectionLeavesOut() {
        Migration migration = parse(LEAST + "copy: {maxRowsPerSecond: 5000}\napply: {batchRows: }\n");

        assertThat(migration.copy()).isEqualTo(new Migration.CopyRules(2, 5000, 0));
        assertThat(migration.apply().batchRows()).isEqualTo(5000);
    }

    @Test
    void readsWhenAndHowTheTrafficMayMove() {
        Migration.CutoverRules rules = parse(LEAST + """
                cutover:
                  window: {days: [mon, Tue], hours: "01:00-05:00", zone: Europe/Berlin}
                  longTransactions: abort
                  longTransactionLimit: 3s
                  applicationUser: shop_app
                  fence:
                    source: {roles: [reporting], lockOut: [batch]}
                    target: {command: [/opt/fence, eu]}
                """).cutover();

        assertThat(rules.window()).isEqualTo(new WindowRules(List.of("mon", "tue"), "01:00-05:00", "Europe/Berlin"));
        assertThat(rules.longTransactions()).isEqualTo(Migration.LongTransactions.ABORT);
        assertThat(rules.longTransactionLimit()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rules.fence().source().roles()).containsExactly("reporting");
        assertThat(rules.fence().source().lockOut()).containsExactly("batch");
        assertThat(rules.fence().target().command()).containsExactly("/opt/fence", "eu");
        assertThat(rules.fence().target().timeLimit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(parse(LEAST).cutover().window()).isNull();
    }

    @Test
    void refusesWindowsAndFencesThatCannotBeMeant() {
        assertThatThrownBy(() -> parse(LEAST + "cutover:\n  window: {hours: 1-5}\n"))
                .hasMessageStartingWith("m.yaml:5: cutover.window: ")
                .hasMessageContaining("such as 01:00-05:00");
        assertThatThrownBy(() -> parse(LEAST + "cutover: {fence: {source: {command: [x]}}}"))
                .hasMessageContaining("set cutover.applicationUser");
        assertThatThrownBy(() -> parse(LEAST + "cutover: {fence: {source: {command: [x], lockOut: [y]}}}"))
                .hasMessageContaining("leave roles and lockOut to it");
    }

    @Test
    void readsAllOfIt() {
        Migration migration = parse(LEAST + """
                tables: {include: ["shop.*"], exclude: ["shop.log_*"]}
                cutover: {mode: auto, hold: 5s, maxAppliedLag: 500ms}
                dns:
                  zone: example.com
                  primary: 127.0.0.1:53
                  key: {name: k, secret: "${file:/etc/tsig}"}
                  records: [{name: db.example.com, type: A, from: ["192.0.2.1"], to: ["192.0.2.2"], ttl: 5}]
                """);

        assertThat(migration.cutover().mode()).isEqualTo(Migration.Mode.AUTO);
        assertThat(migration.cutover().maxAppliedLag()).isEqualTo(Duration.ofMillis(500));
        assertThat(migration.dns()).singleElement().satisfies(zone -> {
            assertThat(zone.primary()).isEqualTo("127.0.0.1:53");
            assertThat(zone.servers()).isEmpty();
            assertThat(zone.lowTtl()).isEqualTo(Duration.ofSeconds(60));
        });
        assertThat(migration.tables().matches("shop.log_2026")).isFalse();
        assertThat(migration.tables().matches("shop.orders")).isTrue();
        assertThat(migration.tables().matches("shopxorders")).isFalse();
    }

    @Test
    void takesOneZoneOrAListOfThem() {
        String zone = "{zone: %s, primary: \"127.0.0.1:53\", records: [{name: db.%s, type: A, from: [], to: []}]}";

        Migration one = parse(LEAST + "dns: " + zone.formatted("a.test", "a.test") + "\n");
        Migration two = parse(LEAST + "dns:\n  - " + zone.formatted("a.test", "a.test") + "\n  - "
                + zone.formatted("b.test", "b.test") + "\n");

        assertThat(parse(LEAST).dns()).isEmpty();
        assertThat(one.dns()).extracting(Migration.DnsRules::zone).containsExactly("a.test");
        assertThat(two.dns()).extracting(Migration.DnsRules::zone).containsExactly("a.test", "b.test");
        assertRefused(
                LEAST + "dns:\n  - " + zone.formatted("a.test", "a") + "\n  - " + zone.formatted("A.test.", "a") + "\n",
                "dns",
                "twice");
        assertRefused(LEAST + "dns:\n  zone: a.test\n  records: []\n", "m.yaml:4", "primary", "command");
        assertRefused(
                LEAST + "dns:\n  zone: a.test\n  primary: a\n  serverz: []\n  records: []\n",
                "m.yaml:7",
                "serverz",
                "unknown key");
        assertRefused(
                LEAST
                        + "dns:\n  zone: a.test\n  command: [flip]\n  key: {name: k, secret: \"${env:A}\"}\n  records: []\n",
                "dns.key");
        assertRefused(
                LEAST + "dns:\n  zone: a.test\n  primary: a\n  lowTtl: 10ms\n  records: []\n", "dns.lowTtl", "1s");
    }

    @Test
    void takesEveryKeyWithoutTheOthersBesideIt() {
        Migration migration = parse(LEAST + """
                copy: {maxRowsPerSecond: 1000}
                apply: {refusedRows: quarantine}
                """);

        assertThat(migration.copy().maxRowsPerSecond()).isEqualTo(1000);
        assertThat(migration.copy().parallelism()).isEqualTo(2);
        assertThat(migration.apply().refusedRows()).isEqualTo(Migration.RefusedRows.QUARANTINE);
        assertThat(migration.apply().batchRows()).isEqualTo(5000);
        assertThat(parse(LEAST + "apply: {maxRowsPerSecond: 7}\n").apply().maxRowsPerSecond())
                .isEqualTo(7);
        assertRefused(LEAST + "apply: {batchRows: -1}\n", "m.yaml:4", "apply.batchRows", "at least 1");
        assertRefused(LEAST + "apply: {refusedRows: drop}\n", "m.yaml:4", "apply.refusedRows", "QUARANTINE");
    }

    @Test
    void assignsTablesToLanes() {
        LaneRules lanes = parse(LEAST + "lanes:\n  - [shop.event]\n  - [\"shop.audit*\", shop.trail]\n")
                .lanes();

        assertThat(lanes.count()).isEqualTo(3);
        assertThat(lanes.of(new TableId("shop", "event"))).isEqualTo(1);
        assertThat(lanes.of(new TableId("shop", "audit_line"))).isEqualTo(2);
        assertThat(lanes.of(new TableId("shop", "trail"))).isEqualTo(2);
        assertThat(lanes.of(new TableId("shop", "orders"))).isZero();
        assertThat(parse(LEAST).lanes().count()).isEqualTo(1);
        assertRefused(LEAST + "lanes:\n  - []\n", "m.yaml:4", "lanes", "one is empty");
        assertThat(parse(LEAST + "lanes: [shop.event]\n").lanes().groups()).containsExactly(List.of("shop.event"));
        assertRefused(LEAST + "lanes: [{shop: event}]\n", "m.yaml:4", "lanes", "list of patterns");
        assertRefused(LEAST + "lanes: [" + "[a.b], ".repeat(16) + "]\n", "m.yaml:4", "lanes", "up to 15");
    }

    @Test
    void watchesAfterTheCutoverAndTakesNothingBackUnlessItIsTold() {
        SoakRules watched =
                parse(LEAST + "soak: {check: {command: [/bin/well, -q]}}\n").soak();

        assertThat(parse(LEAST).soak()).isEqualTo(SoakRules.DEFAULT);
        assertThat(watched.mayRollBack()).isFalse();
        assertThat(watched.check())
                .isEqualTo(new SoakRules.CheckRules(
                        List.of("/bin/well", "-q"),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        3,
                        SoakRules.Then.TELL));
        assertThat(parse(LEAST + "soak: {rollbackOn: {lag: 3s}}\n").soak().mayRollBack())
                .isTrue();
    }

    @Test
    void refusesATriggerThatCouldNotGoBack() {
        assertRefused(
                LEAST + "soak: {rollbackOn: {lag: 5s}}\n", "soak.rollbackOn.lag", "less than cutover.maxProvenLag");
        assertRefused(
                LEAST + "cutover: {wayBack: false}\nsoak: {rollbackOn: {stragglers: 1}}\n",
                "soak",
                "cutover.wayBack: false");
        assertRefused(LEAST + "soak: {check: {command: []}}\n", "check.command", "a program and its arguments");
        assertRefused(LEAST + "soak: {rollbackOn: {errorPercent: 20}}\n", "soak.rollbackOn", "runs of soak.check");
        assertRefused(
                LEAST + "soak: {rollbackOn: {errorPercent: 101}, check: {command: [x]}}\n", "errorPercent", "1 to 100");
        assertRefused(
                LEAST + "soak: {rollbackOn: {latency: 10s}, check: {command: [x]}}\n",
                "soak.rollbackOn.latency",
                "less than soak.check.timeout (10000ms)");
    }

    private static final String ZONE =
            "{zone: a.test, primary: \"127.0.0.1:53\", records: [{name: r.a.test, type: A, from: [127.0.0.2], to: [127.0.0.3]}]}";

    @Test
    void readsWavesAndRefusesARecordSetThatMovesTwice() {
        WaveRules wave = parse(LEAST + "waves: [{name: reports, dns: " + ZONE + "}]\n")
                .waves()
                .get(0);
        assertThat(wave.hold()).isEqualTo(Duration.ofMinutes(5));
        assertThat(wave.onFailure()).isEqualTo(WaveRules.OnFailure.STOP);
        assertThat(wave.dns()).hasSize(1);

        assertRefused(
                LEAST + "dns: " + ZONE + "\nwaves: [{name: reports, dns: " + ZONE.replace("r.a.test,", "R.a.test.,")
                        + "}]\n",
                "r.a.test A of wave reports",
                "moves with another wave or with dns already");
        assertRefused(LEAST + "waves: [{name: a/b, dns: " + ZONE + "}]\n", "waves[].name", "letters, digits");
        assertRefused(
                LEAST + "waves: [{name: w, dns: " + ZONE + ", check: {command: [x], then: rollback}}]\n",
                "waves[].onFailure");
        assertRefused(LEAST + "cutover: {check: {command: [x], then: rollback}}\n", "cutover.check.then");
    }

    @Test
    void readsSharesOfAWaveWhoseZonesKnowWeights() {
        String weighted = ZONE.replace("primary: \"127.0.0.1:53\"", "command: [weigh]");

        assertThat(parse(shares("[1, 5, 25]", weighted)).waves().get(0).shares())
                .containsExactly(1, 5, 25);
        assertThat(parse(LEAST + "waves: [{name: w, dns: " + ZONE + "}]\n")
                        .waves()
                        .get(0)
                        .shares())
                .isEmpty();
        assertRefused(shares("[5]", ZONE), "waves[].shares", "zone a.test needs a dns.command");
        for (String wrong : List.of("[0]", "[5, 5]", "[25, 5]", "[100]"))
            assertRefused(shares(wrong, weighted), "waves[].shares", "from 1 to 99");
        assertRefused(shares("[5]", weighted.replace("from: [127.0.0.2]", "from: []")), "needs 'from' and 'to'");
        assertRefused(shares("[5]", weighted.replace("type: A,", "type: A, ttl: 30,")), "leave out 'ttl'");
    }

    private static String shares(String shares, String zone) {
        return LEAST + "waves: [{name: w, shares: " + shares + ", dns: " + zone + "}]\n";
    }

    @Test
    void sharesABoundAmongLanes() {
        assertThat(new Migration.CopyRules(6, 9_000, 5).shared(3)).isEqualTo(new Migration.CopyRules(2, 3_000, 5));
        assertThat(Migration.CopyRules.DEFAULT.shared(3)).isEqualTo(new Migration.CopyRules(1, 0, 0));
        assertThat(new Migration.ApplyRules(10, 1, Migration.RefusedRows.STOP, Migration.Cascades.REFUSE)
                        .shared(3)
                        .maxRowsPerSecond())
                .as("0 would be no bound")
                .isEqualTo(1);
    }

    @Test
    void makesCascadesOnTheTargetOnlyWhereNoRowIsSetAside() {
        assertThat(parse(LEAST).apply().cascades()).isEqualTo(Migration.Cascades.REFUSE);
        assertThat(parse(LEAST + "apply: {cascades: target}\n")
                        .apply()
                        .shared(2)
                        .cascades())
                .isEqualTo(Migration.Cascades.TARGET);
        assertRefused(
                LEAST + "apply: {cascades: target, refusedRows: quarantine}\n", "m.yaml:4", "apply.cascades", "stop");
        assertRefused(LEAST + "apply: {cascades: source}\n", "m.yaml:4", "apply.cascades", "TARGET");
    }

    @Test
    void namesFileLineKeyAndRemedy() {
        assertRefused(LEAST + "cutover:\n  holdd: 5s\n", "m.yaml:5", "cutover.holdd", "unknown key", "hold");
        assertRefused(LEAST + "cutover: {hold: 5 parsecs}\n", "m.yaml:4", "cutover.hold", "250ms");
        assertRefused(LEAST.replace("${env:A}", "geheim"), "m.yaml:2", "source.password", "${env:NAME}");
        assertRefused(LEAST.replace("jdbc:mariadb", "jdbc:oracle"), "m.yaml:3", "target", "jdbc:postgresql:");
        assertRefused(LEAST.replace("b/shop", "b/"), "target", "names no database");
        assertRefused(LEAST.replace("migration: shop", "migration: Shop!"), "migration");
        assertRefused("target: {}\n", "m.yaml:1", "target");
        assertRefused("", "m.yaml", "empty");
        assertRefused("migration: [", "m.yaml:");
    }

    @Test
    void readsTablesWithRulesOfTheirOwn() {
        Migration migration = parse(LEAST + """
                tables:
                  targetSchema: store
                  targetSchemas: {audit: trail}
                  each:
                    shop.orders:
                      target: sales
                      key: [region, number]
                      excludeColumns: [note]
                      renameColumns: {cust: customer}
                    shop.a.b: {target: x.y}
                """);
        TableRules tables = migration.tables();

        assertThat(tables.target(new TableId("shop", "orders"))).hasToString("store.sales");
        assertThat(tables.target(new TableId("shop", "items"))).hasToString("store.items");
        assertThat(tables.target(new TableId("audit", "log"))).hasToString("trail.log");
        assertThat(tables.target(new TableId("shop", "a.b"))).hasToString("x.y");
        assertThat(tables.rule(new TableId("shop", "orders")).key()).containsExactly("region", "number");
        assertThat(tables.rule(new TableId("shop", "orders")).targetColumn("cust"))
                .isEqualTo("customer");
        assertThat(migration.origin().at("tables", "each", "shop.orders", "key"))
                .isEqualTo("m.yaml:10: tables.each.shop.orders.key");
        assertRefused(
                LEAST + "tables:\n  each:\n    shop.orders: {keys: [a]}\n", "m.yaml:6", "unknown key", "renameColumns");
        assertRefused(LEAST + "origin: {}\n", "m.yaml:4", "origin");
    }

    @Test
    void neverShowsASecretInAnError() {
        assertThatThrownBy(() -> parse(LEAST.replace("${env:A}", "geheim")))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("geheim"));
    }

    @Test
    void secretsComeFromTheEnvironmentOrAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "s3cret\n");

        assertThat(new Secret("${file:" + file + "}").reveal()).isEqualTo("s3cret");
        assertThatThrownBy(() -> new Secret("${env:LOCKSTEP_NO_SUCH_VARIABLE}").reveal())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("LOCKSTEP_NO_SUCH_VARIABLE");
        assertThatThrownBy(() -> new Secret("${file:" + directory.resolve("none") + "}").reveal())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none");
    }

    @Test
    void aMissingFileIsSaid(@TempDir Path directory) {
        assertThatThrownBy(() -> MigrationFile.load(directory.resolve("m.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lockstep init");
    }

    private static void assertRefused(String yaml, String... parts) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    private static Migration parse(String yaml) {
        return MigrationFile.parse("m.yaml", yaml);
    }
}
