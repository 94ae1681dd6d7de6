package dev.lockstep.ingest.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.ingest.preflight.Finding.Level;
import dev.lockstep.ingest.preflight.KafkaFacts.Connect;
import dev.lockstep.ingest.preflight.KafkaFacts.Topic;
import dev.lockstep.ingest.preflight.TableFacts.Collation;
import dev.lockstep.ingest.preflight.TableRequirements.Place;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration.Cascades;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What follows from facts, without a server. */
class DecisionsTest {

    private static final Dialect POSTGRES = Dialect.of("jdbc:postgresql://a/b");
    private static final Dialect MYSQL = Dialect.of("jdbc:mysql://a/b");
    private static final TableMapping ITEM = new TableMapping(
            new TableId("shop", "item"),
            new TableId("store", "thing"),
            List.of(
                    new ColumnMapping("code", Kind.TEXT, "text", "code", "varchar(40)"),
                    new ColumnMapping("note", Kind.TEXT, "text", "remark", "text")),
            List.of(0),
            0);

    @Test
    void readsGrantsOfBothFamilies() {
        Grants mysql = new Grants(List.of(
                "GRANT SELECT, RELOAD, REPLICATION SLAVE ON *.* TO `l`@`%`",
                "GRANT CONNECTION_ADMIN,SYSTEM_VARIABLES_ADMIN ON *.* TO `l`@`%`",
                "GRANT ALL PRIVILEGES ON `lock\\_step`.* TO `l`@`%` WITH GRANT OPTION",
                "GRANT INSERT (`a`, `b`), UPDATE ON `shop`.`item` TO `l`@`%`",
                "GRANT `role`@`%` TO `l`@`%`"));
        assertThat(mysql.everywhere(Set.of("RELOAD"))).isTrue();
        assertThat(mysql.everywhere(Set.of("CONNECTION ADMIN"))).isTrue();
        assertThat(mysql.everywhere(Set.of("PROCESS"))).isFalse();
        assertThat(mysql.on("shop", "item", Set.of("UPDATE"))).isTrue();
        assertThat(mysql.on("shop", "other", Set.of("UPDATE"))).isFalse();
        assertThat(mysql.on("shop", "other", Set.of("SELECT"))).isTrue();
        assertThat(mysql.on("lock_step", "x", Set.of("DROP"))).isTrue();
        assertThat(mysql.on("lockxstep", "x", Set.of("DROP"))).isFalse();

        Grants mariaDb = new Grants(List.of(
                "GRANT BINLOG MONITOR, READ_ONLY ADMIN ON *.* TO `l`@`%` IDENTIFIED BY PASSWORD '*X'",
                "GRANT SELECT ON `shop_%`.* TO `l`@`%`"));
        assertThat(mariaDb.everywhere(Set.of("BINLOG MONITOR"))).isTrue();
        assertThat(mariaDb.everywhere(Set.of("READ ONLY ADMIN"))).isTrue();
        assertThat(mariaDb.on("shop_eu", "x", Set.of("SELECT"))).isTrue();
    }

    @Test
    void namesEveryGrantThatIsMissingAndPassesWhoHasAll() {
        TableId table = new TableId("shop", "item");
        assertThat(BinlogGrants.judge(
                        grants("GRANT ALL PRIVILEGES ON *.* TO `l`@`%`"), true, true, false, List.of(table)))
                .extracting(Finding::level)
                .containsOnly(Level.PASS);
        assertThat(BinlogGrants.judge(grants("GRANT SELECT ON *.* TO `l`@`%`"), false, true, true, List.of(table)))
                .extracting(Finding::remedy)
                .contains(
                        "grant lock tables on `shop`.* to `l`@…",
                        "grant connection_admin on *.* to `l`@…",
                        "grant all on lockstep.* to `l`@…",
                        "grant grant option on lockstep.* to `l`@…",
                        "grant select, insert, update, delete, alter on `shop`.* to `l`@…")
                .doesNotHaveDuplicates();
    }

    @Test
    void wantsTheRightToLetTheApplicationsUserTryTheFence() {
        String all = "GRANT ALL PRIVILEGES ON *.* TO `l`@`%`";
        assertThat(BinlogGrants.judge(grants(all), true, true, true, List.of()))
                .extracting(Finding::remedy)
                .containsExactly("grant grant option on lockstep.* to `l`@…");
        assertThat(BinlogGrants.judge(grants(all + " WITH GRANT OPTION"), true, true, true, List.of()))
                .extracting(Finding::level)
                .containsOnly(Level.PASS);

        String own = "GRANT ALL PRIVILEGES ON `lockstep`.* TO `l`@`%` WITH GRANT OPTION";
        assertThat(BinlogGrants.judge(grants(own), true, true, true, List.of()))
                .extracting(Finding::remedy)
                .contains("grant select on mysql.* to `l`@…")
                .noneMatch(remedy -> remedy.contains("grant option"));
    }

    @Test
    void letsTheCopyLockTheWholeServerOrItsTablesAlone() {
        List<TableId> tables = List.of(new TableId("shop", "item"), new TableId("shop", "place"));
        for (String enough : List.of("GRANT RELOAD ON *.* TO `l`@`%`", "GRANT LOCK TABLES ON `shop`.* TO `l`@`%`"))
            assertThat(BinlogGrants.judge(grants(enough), true, false, false, tables))
                    .as(enough)
                    .noneMatch(finding -> finding.remedy().contains("lock tables"));
        assertThat(BinlogGrants.judge(grants("GRANT LOCK TABLES ON `other`.* TO `l`@`%`"), true, false, false, tables))
                .filteredOn(finding -> finding.remedy().contains("lock tables"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString()).contains("or reload on the whole server"));
    }

    private static Facts grants(String... lines) {
        return new Facts("source", "`l`", Map.of("grants", List.of(lines)));
    }

    @Test
    void judgesPostgresSettings() {
        Map<String, List<String>> good = new HashMap<>();
        Map.of(
                        "wal_level",
                        "logical",
                        "max_replication_slots",
                        "4",
                        "other slots",
                        "3",
                        "max_wal_senders",
                        "4",
                        "lanes",
                        "1")
                .forEach((name, value) -> good.put(name, List.of(value)));
        for (String power :
                List.of("replicate", "create", "own database", "rest triggers", "see sessions", "end sessions"))
            good.put(power, List.of("t"));
        good.put("max_slot_wal_keep_size", List.of("-1"));
        assertThat(failing(good)).isEmpty();

        Map<String, List<String>> bad = new HashMap<>(good);
        bad.put("wal_level", List.of("replica"));
        bad.put("other slots", List.of("4"));
        bad.put("in recovery", List.of("t"));
        bad.put("max_slot_wal_keep_size", List.of("1GB"));
        bad.put("wal_sender_timeout_ms", List.of("1000"));
        bad.put("lost slot", List.of("lockstep_shop_source_0"));
        assertThat(failing(bad))
                .extracting(Finding::toString)
                .hasSize(6)
                .anyMatch(text -> text.contains("wal_level is 'replica'") && text.contains("restart"))
                .anyMatch(text -> text.contains("max_replication_slots is 4, and too few are free"))
                .anyMatch(text -> text.contains("standby"))
                .anyMatch(text -> text.startsWith("WARN") && text.contains("max_slot_wal_keep_size is 1GB"))
                .anyMatch(text -> text.startsWith("WARN") && text.contains("wal_sender_timeout is 1000 ms"))
                .anyMatch(text -> text.contains("lockstep_shop_source_0 is lost"));
    }

    private static List<Finding> failing(Map<String, List<String>> values) {
        Facts facts = new Facts("source", "\"l\"", values);
        return PostgresServer.CAPTURED.stream()
                .map(requirement -> requirement.judge(facts))
                .filter(finding -> finding.level() != Level.PASS)
                .toList();
    }

    @Test
    void fixesOnlyWhatLosesNothing() {
        Facts facts = new Facts(
                "source",
                "`l`",
                Map.of(
                        "binlog_format",
                        List.of("MIXED"),
                        "binlog_row_image",
                        List.of("MINIMAL"),
                        "server_id",
                        List.of("0")));
        assertThat(BinlogServer.captured(true).stream()
                        .map(requirement -> requirement.judge(facts))
                        .filter(finding -> finding.level() == Level.FAIL && finding.fix() != null)
                        .map(finding -> finding.fix().statements().get(0)))
                .containsExactly("set global binlog_format = 'ROW'", "set global binlog_row_image = 'FULL'");
    }

    @Test
    void refusesTablesWhoseChangesWouldBeLost() {
        TableFacts plain = TableFacts.plain(ITEM.source());
        assertThat(judge(POSTGRES, plain, plain)).isEmpty();
        assertThat(judge(POSTGRES, with(plain, "unlogged", null, List.of()), plain))
                .singleElement()
                .satisfies(f -> assertThat(f.toString())
                        .startsWith("FAIL  source shop.item")
                        .contains("no log", "set logged"));
        assertThat(judge(POSTGRES, with(plain, TableFacts.LOGGED, Set.of(), List.of()), plain))
                .singleElement()
                .satisfies(f -> assertThat(f.fix().statements())
                        .containsExactly("alter table \"shop\".\"item\" replica identity full"));
        assertThat(judge(POSTGRES, with(plain, TableFacts.LOGGED, Set.of("code", "x"), List.of()), plain))
                .isEmpty();
        assertThat(judge(MYSQL, with(plain, "MyISAM", null, List.of()), plain))
                .singleElement()
                .satisfies(f -> assertThat(f.remedy()).contains("engine = InnoDB"));
    }

    @Test
    void refusesCascadesThatNoLogTellsOfOrMakesThemOnTheTarget() {
        TableMapping parent = mapping("a", "id");
        TableMapping child = mapping("b", "id", "a");
        Cascade toNull = key("b", "g", "a", "a", "SET NULL");
        Cascade byExcluded = key("b", "h", "x", "a", "CASCADE");
        List<Finding> findings = new ArrayList<>();

        assertThat(cascading(Cascades.REFUSE, findings, List.of(parent, child), FK))
                .allMatch(TableMapping::isLogged);
        assertThat(findings).singleElement().satisfies(f -> {
            assertThat(f.toString()).startsWith("FAIL  source shop.b").contains("without writing it to the binlog");
            assertThat(f.remedy()).contains("create trigger", "apply.cascades: target");
        });

        findings.clear();
        assertThat(cascading(Cascades.TARGET, findings, List.of(parent, child), FK, toNull)
                        .get(1)
                        .cascades())
                .containsExactly(
                        new CascadingKey(
                                "fk",
                                List.of("a"),
                                new TableId("shop", "a"),
                                List.of("id"),
                                CascadingKey.Action.CASCADE,
                                CascadingKey.Action.NOTHING),
                        new CascadingKey(
                                "g",
                                List.of("a"),
                                new TableId("shop", "a"),
                                List.of("id"),
                                CascadingKey.Action.SET_NULL,
                                CascadingKey.Action.NOTHING));
        assertThat(findings).hasSize(2).allSatisfy(f -> assertThat(f.toString()).startsWith("WARN  source shop.b"));

        findings.clear();
        cascading(Cascades.TARGET, findings, List.of(child), FK);
        cascading(Cascades.TARGET, findings, List.of(parent, child), byExcluded);
        assertThat(findings).extracting(Finding::level).containsOnly(Level.FAIL);
        assertThat(findings.get(0).message()).contains("shop.a does not move");
        assertThat(findings.get(1).message()).contains("[x] are not all carried");

        findings.clear();
        Cascade itself = key("b", "up", "a", "b", "CASCADE");
        cascading(Cascades.TARGET, findings, List.of(child), itself);
        assertThat(findings.get(1).toString()).contains("FAIL", "cascades change every table");
    }

    private static TableMapping mapping(String table, String... columns) {
        TableId id = new TableId("shop", table);
        return new TableMapping(
                id,
                id,
                Stream.of(columns)
                        .map(c -> new ColumnMapping(c, Kind.NUMBER, "int", c, "int"))
                        .toList(),
                List.of(0),
                0);
    }

    /** The cascades are those of table b. */
    private static List<TableMapping> cascading(
            Cascades rule, List<Finding> findings, List<TableMapping> tables, Cascade... cascades) {
        List<Cascade> keys = List.of(cascades);
        return UnloggedCascades.judge(
                rule,
                new Place("source", MYSQL, false, keys),
                tables,
                id -> id.name().equals("b")
                        ? with(TableFacts.plain(id), TableFacts.LOGGED, null, keys)
                        : TableFacts.plain(id),
                TableFacts::plain,
                findings);
    }

    @Test
    void namesTriggersOnlyWhereNoneComesBackToTheTableThatItIsOn() {
        Cascade home = key("a", "home", "b", "b", "SET NULL");
        Cascade self = key("a", "above", "up", "a", "CASCADE");
        Cascade far = new Cascade(
                new TableId("other", "c"),
                "n".repeat(64),
                List.of("x", "y"),
                new TableId("shop", "b"),
                List.of("x", "z"),
                "SET NULL",
                "CASCADE");

        assertThat(FK.logged(MYSQL, List.of(FK, far)))
                .containsExactly(
                        "create trigger `shop`.`fk_logged` before delete on `shop`.`a` for each row delete from `shop`.`b` where `a` = old.`id`",
                        "alter table `shop`.`b` add constraint `fk_kept` foreign key (`a`) references `shop`.`a` (`id`)",
                        "alter table `shop`.`b` drop foreign key `fk`");
        assertThat(FK.logged(MYSQL, List.of(FK, home))).isEmpty();
        assertThat(self.logged(MYSQL, List.of(self))).isEmpty();
        assertThat(far.logged(MYSQL, List.of(FK, far)))
                .first()
                .asString()
                .startsWith("create trigger `shop`.`other_" + "n".repeat(51) + "_logged`")
                .endsWith("update `other`.`c` set `x` = null, `y` = null where `x` = old.`x` and `y` = old.`z`");
    }

    private static final Cascade FK = key("b", "fk", "a", "a", "CASCADE");

    private static Cascade key(String child, String name, String column, String parent, String onDelete) {
        return new Cascade(
                new TableId("shop", child),
                name,
                List.of(column),
                new TableId("shop", parent),
                List.of("id"),
                onDelete,
                "RESTRICT");
    }

    private static TableFacts with(TableFacts facts, String storage, Set<String> logged, List<Cascade> cascades) {
        return new TableFacts(
                facts.id(), List.of(), Set.of(), logged, storage, Set.of(), Set.of(), cascades, Map.of(), Set.of());
    }

    private static List<Finding> judge(Dialect source, TableFacts sourceFacts, TableFacts targetFacts) {
        return TableRequirements.judge(
                ITEM,
                new Place("source", source, source == POSTGRES, sourceFacts.cascades()),
                sourceFacts,
                new Place("target", MYSQL, false, targetFacts.cascades()),
                targetFacts);
    }

    @Test
    void wantsWhatTheTargetCascadesInItsLogForTheWayBack() {
        Place source = new Place("source", POSTGRES, true, List.of());
        TableFacts plain = TableFacts.plain(ITEM.source());
        Cascade cascade = FK;
        TableFacts cascading = with(plain, TableFacts.LOGGED, null, List.of(cascade));

        assertThat(WayBackRequirements.judge(
                        ITEM, source, plain, new Place("target", MYSQL, false, List.of(cascade)), cascading))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.level()).isEqualTo(Level.FAIL);
                    assertThat(found.message()).contains("the way back would miss it");
                    assertThat(found.remedy()).contains("create trigger", "cutover.wayBack: false");
                });
        assertThat(WayBackRequirements.judge(
                        ITEM, source, plain, new Place("target", MYSQL, true, List.of(cascade)), cascading))
                .isEmpty();
    }

    @Test
    void warnsOfWhatTheWayBackWouldSetOffOrCouldNotFillOnTheSource() {
        Place place = new Place("source", MYSQL, true, List.of());
        TableFacts source = new TableFacts(
                ITEM.source(),
                List.of(),
                Set.of("code", "legacy"),
                null,
                TableFacts.LOGGED,
                Set.of(),
                Set.of("audit"),
                List.of(),
                Map.of(),
                Set.of());

        assertThat(WayBackRequirements.judge(ITEM, place, source, place, TableFacts.plain(ITEM.target())))
                .allMatch(found -> found.level() == Level.WARN)
                .extracting(Finding::message)
                .satisfiesExactly(
                        triggers ->
                                assertThat(triggers).contains("[audit] fire for every row that the way back writes"),
                        columns -> assertThat(columns).startsWith("[legacy] are not carried"));
    }

    @Test
    void refusesTextsThatWouldMeetInTheTargetsKey() {
        Collation blind = MySqlCatalog.collation("utf8mb4_0900_ai_ci", false);
        Collation otherBlind = MySqlCatalog.collation("utf8mb4_general_ci", true);
        Collation padding = MySqlCatalog.collation("utf8mb4_bin", true);
        Collation exact = MySqlCatalog.collation("utf8mb4_0900_bin", false);

        assertThat(exact.caseBlind() || exact.padding()).isFalse();
        assertThat(texts(null, blind)).containsExactly(Level.FAIL);
        assertThat(texts(blind, blind)).isEmpty();
        assertThat(texts(otherBlind, blind)).containsExactly(Level.WARN);
        assertThat(texts(blind, null)).isEmpty();
        assertThat(texts(null, padding)).containsExactly(Level.WARN);
        assertThat(texts(padding, padding)).isEmpty();
    }

    private static List<Level> texts(Collation source, Collation target) {
        return judge(MYSQL, collated(source), collated(target)).stream()
                .map(Finding::level)
                .toList();
    }

    private static TableFacts collated(Collation collation) {
        Map<String, Collation> collations =
                collation == null ? Map.of() : Map.of("code", collation, "remark", collation);
        return new TableFacts(
                ITEM.source(),
                List.of(List.of("code")),
                Set.of(),
                null,
                TableFacts.LOGGED,
                Set.of(),
                Set.of(),
                List.of(),
                collations,
                Set.of());
    }

    @Test
    void beginsOnEmptyTablesOrWhereItWas() {
        assertThat(FirstCopy.judge(new FirstCopy.State(null, false, List.of(), true))
                        .level())
                .isEqualTo(Level.PASS);
        List<String> filled = List.of("a.b", "a.c");
        assertThat(FirstCopy.judge(new FirstCopy.State(null, false, filled, true))
                        .toString())
                .startsWith("FAIL")
                .contains("truncate table a.b, a.c");
        assertThat(FirstCopy.judge(new FirstCopy.State(null, false, filled, false))
                        .toString())
                .contains("truncate table a.b; truncate table a.c");
        assertThat(FirstCopy.judge(new FirstCopy.State("id", true, List.of(), true))
                        .level())
                .isEqualTo(Level.PASS);
        assertThat(FirstCopy.judge(new FirstCopy.State("id", false, List.of(), true))
                        .toString())
                .startsWith("FAIL")
                .contains("state directory or Kafka topic is gone", "start anew");
    }

    @Test
    void refusesAKafkaThatWouldLoseChangesOrTransactions() {
        Topics names = new Topics("shop");
        assertThat(KafkaRequirements.judge(
                        new KafkaFacts(
                                "k", 3, Map.of("transaction.state.log.min.isr", "2"), Map.of(), connect("k", true)),
                        names,
                        Set.of("mysql")))
                .extracting(Finding::level)
                .containsOnly(Level.PASS, Level.WARN);
        Topic expiring = new Topic(
                "t",
                1,
                Map.of("cleanup.policy", "compact", "retention.ms", "604800000", "max.message.bytes", "1048588"));
        List<Finding> findings = KafkaRequirements.judge(
                new KafkaFacts(
                        "k",
                        1,
                        Map.of("transaction.state.log.min.isr", "2"),
                        Map.of(names.sourceChanges(), expiring),
                        connect("other", false)),
                names,
                Set.of("mysql"));
        assertThat(findings)
                .extracting(Finding::toString)
                .anyMatch(text -> text.contains("transaction.state.log.min.isr is 2, but there are 1 brokers"))
                .anyMatch(text -> text.contains("cleanup.policy is compact"))
                .anyMatch(text -> text.contains("retention.ms is 604800000") && text.contains("retention.ms=-1"))
                .anyMatch(text -> text.startsWith("WARN") && text.contains("max.message.bytes is 1048588"))
                .anyMatch(text -> text.contains("works on Kafka cluster other"))
                .anyMatch(text -> text.contains("do not have Debezium's connector for mysql"))
                .anyMatch(text -> text.contains("exactly.once.source.support"));
    }

    private static Connect connect(String cluster, boolean complete) {
        Set<String> plugins = new HashSet<>();
        if (complete) {
            plugins.add(KafkaRequirements.connector("mysql"));
            plugins.add("dev.lockstep.ingest.canonical.ChangeEventTransform");
        }
        return new Connect(cluster, plugins, complete ? List.of() : List.of("exactly-once support is off"));
    }

    @Test
    void warnsOfASmallStateDirectory() {
        assertThat(LocalState.judge("s", 100, 50).level()).isEqualTo(Level.PASS);
        assertThat(LocalState.judge("s", 99, 50).level()).isEqualTo(Level.WARN);
    }
}
