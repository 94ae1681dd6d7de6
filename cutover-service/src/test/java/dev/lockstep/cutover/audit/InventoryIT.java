package dev.lockstep.cutover.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.audit.Inventory.Entry;
import dev.lockstep.cutover.audit.Inventory.Status;
import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import dev.lockstep.schemas.migration.Secret;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.testing.TestMySql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hangs on real servers is found, and nothing that is hidden passes for not being there. */
class InventoryIT {

    private static final Set<TableId> MOVING = Set.of(new TableId("shop", "orders"));

    private static final String[] SHOP = {
        "create table shop.orders (id int primary key, total int)",
        "create table shop.drafts (id int primary key)",
        "create view shop.totals as select sum(total) as total from shop.orders"
    };

    @TempDir
    Path directory;

    @Test
    void findsAllOnPostgres() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(directory.resolve("postgres"), 17, "127.0.0.1")) {
            Endpoint source = postgres(server, "old");
            Endpoint target = postgres(server, "new");
            execute(source, "create schema shop");
            execute(source, SHOP);
            execute(
                    source,
                    "create function shop.stamp() returns trigger language plpgsql as 'begin return new; end'",
                    "create trigger stamped before insert on shop.orders for each row execute function shop.stamp()",
                    "create rule quiet as on delete to shop.drafts do instead nothing",
                    "create policy own on shop.orders using (true)",
                    "create publication warehouse for table shop.orders",
                    "select pg_create_logical_replication_slot('warehouse', 'pgoutput')",
                    "select pg_create_logical_replication_slot('lockstep_ours', 'pgoutput')",
                    "create publication lockstep_ours for table shop.orders",
                    "create role reporting login",
                    "alter role reporting in database old set statement_timeout = '5s'",
                    "alter database old set default_transaction_read_only = off",
                    "create schema cron",
                    "create table cron.job (jobid int, jobname text, database text)",
                    "insert into cron.job values (1, 'purge', 'old'), (2, null, 'old'), (3, 'else', 'x')");
            execute(target, "create schema store", "create table store.orders (id int primary key, total int)");
            try {
                Inventory inventory = Inventory.look(migration(source, target, ""), MOVING);

                assertThat(inventory.entries())
                        .filteredOn(entry -> entry.status() == Status.ON_TARGET)
                        .extracting(Entry::item)
                        .as("roles are of the whole server, and this is one")
                        .containsExactly("user reporting");
                assertThat(inventory.open())
                        .extracting(Entry::item)
                        .containsExactlyInAnyOrder(
                                "table shop.drafts",
                                "view shop.totals",
                                "function shop.stamp()",
                                "trigger shop.orders.stamped",
                                "policy shop.orders.own",
                                "rule shop.drafts.quiet",
                                "publication warehouse",
                                "replication slot warehouse",
                                "job purge",
                                "job number 2",
                                "setting reporting statement_timeout #" + digest("statement_timeout=5s"));

                // when: as pg_cron does, which shows everybody his own
                execute(
                        source,
                        "create policy own on cron.job using (jobname = 'else')",
                        "alter table cron.job enable row level security",
                        "grant usage on schema cron to reporting",
                        "grant select on cron.job to reporting");
                Endpoint other = new Endpoint(source.url(), "reporting", null);

                // then
                assertThat(Inventory.look(migration(other, target, ""), MOVING).open())
                        .extracting(Entry::item)
                        .contains("unread job")
                        .doesNotContain("job purge");
            } finally {
                execute(source, "select pg_drop_replication_slot(slot_name) from pg_replication_slots");
            }
        }
    }

    @Test
    void findsAllOnMariaDbAndSaysWhatItIsNotShown() throws Exception {
        try (EmbeddedMariaDb server = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1")) {
            server.createDatabase("shop");
            server.createDatabase("store");
            findsAllAndSaysWhatItIsNotShown(
                    new Endpoint(server.url("shop"), "root", null), new Endpoint(server.url("store"), "root", null));
        }
    }

    @Test
    void findsAllOnMySqlAndSaysWhatItIsNotShown() throws Exception {
        Endpoint source = TestMySql.database("shop", directory);
        Endpoint target = TestMySql.database("store", directory);
        try {
            findsAllAndSaysWhatItIsNotShown(source, target);
        } finally {
            execute(
                    source,
                    "drop database shop",
                    "drop database store",
                    "drop user if exists mover@'%', reporting@'%'");
        }
    }

    private void findsAllAndSaysWhatItIsNotShown(Endpoint source, Endpoint target) throws Exception {
        // given
        execute(source, SHOP);
        execute(
                source,
                "create trigger shop.stamped before insert on shop.orders for each row set new.total = 1",
                "create event shop.purge on schedule every 1 day do delete from shop.drafts",
                "create procedure shop.close_books() select 1",
                "drop user if exists mover@'%', reporting@'%'",
                "create user reporting@'%' identified by 'x'",
                "create user mover@'%' identified by 'change-me'",
                "grant select on mysql.user to mover@'%'",
                "grant select on shop.* to mover@'%'",
                "grant select on store.* to mover@'%'",
                "grant process on *.* to mover@'%'");
        execute(target, "create table store.orders (id int primary key, total int)");
        Migration migration = migration(mover(source), mover(target), """
                inventory:
                  declared: [export to the warehouse]
                  settled: {"declared export to the warehouse": reads the new name, "table shop.drafts": stays}
                """);

        // when
        List<Entry> blind = Inventory.look(migration, MOVING).open();

        // then
        assertThat(blind)
                .extracting(Entry::item)
                .contains(
                        "unread trigger of shop",
                        "unread event of shop",
                        "unread procedure of shop",
                        "unread view of shop")
                .doesNotContain("trigger shop.orders.stamped", "table shop.drafts");
        assertThat(blind)
                .filteredOn(entry -> entry.item().equals("unread event of shop"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.says()).contains("grant event on `shop`.*"));

        // when: nothing of the target need be shown
        execute(source, "grant show view, execute, trigger, event on shop.* to mover@'%'");
        Inventory inventory = Inventory.look(migration, MOVING);

        // then
        assertThat(inventory.open())
                .extracting(Entry::item)
                .contains(
                        "view shop.totals",
                        "trigger shop.orders.stamped",
                        "event shop.purge",
                        "procedure shop.close_books")
                .noneMatch(item -> item.startsWith("unread"));
        assertThat(inventory.entries())
                .contains(new Entry("user reporting", Status.ON_TARGET, "the target has it"))
                .extracting(Entry::item)
                .doesNotContain("user mover", "user root");
    }

    private static String digest(String setting) throws Exception {
        byte[] md5 = MessageDigest.getInstance("MD5").digest(setting.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(md5).substring(0, 6);
    }

    private static Endpoint postgres(EmbeddedPostgres server, String database) {
        server.createDatabase(database);
        return new Endpoint(server.url(database), server.user(), null);
    }

    private Endpoint mover(Endpoint admin) throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "change-me");
        return new Endpoint(admin.url(), "mover", new Secret("${file:" + password + "}"));
    }

    private Migration migration(Endpoint source, Endpoint target, String rules) throws Exception {
        String password = source.password() == null ? "" : ", password: \"" + source.password() + "\"";
        return MigrationFile.load(Files.writeString(
                directory.resolve("migration.yaml"),
                """
                migration: audited
                state: %s
                source: {url: "%s", user: %s%s}
                target: {url: "%s", user: %s%s}
                tables: {include: [shop.orders], targetSchemas: {shop: store}}
                """.formatted(
                                        directory.resolve("state"),
                                        source.url(),
                                        source.user(),
                                        password,
                                        target.url(),
                                        target.user(),
                                        password)
                        + rules));
    }

    private static void execute(Endpoint database, String... lines) throws Exception {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            for (String line : lines) statement.execute(line);
        }
    }
}
