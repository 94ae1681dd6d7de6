package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.table.Column;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopIT {

    @TempDir
    private static Path directory;

    private static Databases databases;
    private static Destination postgres;
    private static Destination mariadb;

    @BeforeAll
    static void startServers() throws SQLException {
        databases = new Databases(directory);
        postgres = databases.postgresShop("shop", 10_000);
        mariadb = databases.mariadbShop(10_000);
    }

    @AfterAll
    static void stopServers() {
        databases.close();
    }

    @Test
    void everyColumnOfEitherEnginePairsWithItsTwin() throws SQLException {
        List<Table> onPostgres = tables(postgres);
        List<Table> onMariaDb = tables(mariadb);

        assertThat(onPostgres).extracting(t -> t.id().toString()).hasSize(ShopTable.values().length);
        assertThat(onMariaDb)
                .extracting(Table::id)
                .containsExactlyInAnyOrderElementsOf(
                        onPostgres.stream().map(Table::id).toList());
        for (Table table : onPostgres) {
            Table twin = onMariaDb.stream()
                    .filter(t -> t.id().equals(table.id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(twin.primaryKey()).isEqualTo(table.primaryKey()).isNotEmpty();
            assertThat(twin.columns())
                    .extracting(Column::name)
                    .isEqualTo(table.columns().stream().map(Column::name).toList());
            for (Column column : table.columns()) {
                Column other = twin.column(column.name()).orElseThrow();
                assertThat(Kind.agree(column, other))
                        .as("%s.%s", table.id(), column)
                        .isPresent();
                assertThat(Kind.agree(other, column)).isPresent();
                assertThat(other.nullable()).as("%s.%s", table.id(), column).isEqualTo(column.nullable());
            }
        }
    }

    @Test
    void theTablesTogetherUseEveryCommonKind() throws SQLException {
        assertThat(tables(postgres).stream()
                        .flatMap(t -> t.columns().stream())
                        .map(Column::kind)
                        .distinct())
                .contains(
                        Kind.NUMBER,
                        Kind.DOUBLE,
                        Kind.TEXT,
                        Kind.PADDED_TEXT,
                        Kind.BINARY,
                        Kind.DATE,
                        Kind.LOCAL_TIMESTAMP,
                        Kind.INSTANT,
                        Kind.JSON);
    }

    @Test
    void everyTableOnPostgresLogsWholeBeforeImages() throws SQLException {
        try (Connection connection = Databases.connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select string_agg(distinct relreplident::text, '') from pg_class"
                        + " where relnamespace = 'shop'::regnamespace and relkind = 'r'")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("f");
        }
    }

    @Test
    void aSeedMakesTheSameShopOnBothEngines() throws SQLException {
        Map<String, String> onPostgres = contents(postgres);

        assertThat(onPostgres).isEqualTo(contents(mariadb));
        assertThat(onPostgres.values().stream()
                        .mapToLong(v -> Long.parseLong(v.split(" ", 2)[0]))
                        .sum())
                .isBetween(9_500L, 10_500L);
    }

    @Test
    void someTextLiesBeyondTheFirstPlaneAndSomeIsStoredOutOfLine() throws SQLException {
        try (Connection connection = Databases.connect(postgres)) {
            assertThat(Databases.number(connection, "select count(*) from shop.customers where name like '%𠮷野%'"))
                    .isPositive();
            assertThat(Databases.number(
                            connection, "select count(*) from shop.products where length(description) > 8000"))
                    .isPositive();
            assertThat(Databases.number(connection, """
                    select pg_relation_size(reltoastrelid) from pg_class where oid = 'shop.products'::regclass""")).isPositive();
        }
    }

    @Test
    void rowsInsertedLaterGetIdsBeyondTheSeededOnes() throws SQLException {
        for (Destination destination : List.of(postgres, mariadb)) {
            try (Connection connection = Databases.connect(destination)) {
                connection.setAutoCommit(false);
                for (String table : List.of("customers", "products", "orders", "payments"))
                    assertThat(nextId(connection, destination, table))
                            .as("%s of %s", table, destination)
                            .isGreaterThan(Databases.number(
                                    connection, "select max(id) from shop." + table + " where version = 1"));
                connection.rollback();
            }
        }
    }

    @Test
    void theApplicationWritesRowsAndNothingElse() throws SQLException {
        for (Destination destination : List.of(postgres, mariadb)) {
            try (Connection connection = Databases.connect(Databases.application(destination))) {
                Databases.execute(connection, "update shop.products set price = price where id = 2");

                assertThatThrownBy(() -> Databases.execute(connection, "alter table shop.products add x int"))
                        .isInstanceOf(SQLException.class);
                assertThatThrownBy(() -> Databases.execute(connection, "create table shop.mine (x int)"))
                        .isInstanceOf(SQLException.class);
            }
        }
        try (Connection connection = Databases.connect(mariadb)) {
            Databases.execute(connection, "set global read_only = 1");
            try (Connection application = Databases.connect(Databases.application(mariadb))) {
                assertThatThrownBy(() ->
                                Databases.execute(application, "update shop.products set price = price where id = 2"))
                        .hasMessageContaining("read-only");
            } finally {
                Databases.execute(connection, "set global read_only = 0");
            }
        }
    }

    @Test
    void everyOrdersTotalIsTheSumOfItsItems() throws SQLException {
        for (Destination destination : List.of(postgres, mariadb)) {
            try (Connection connection = Databases.connect(destination)) {
                assertThat(Databases.number(connection, """
                        select count(*) from shop.orders o where total <> (select sum(quantity * unit_price)
                        from shop.order_items i where i.order_id = o.id)""")).isZero();
            }
        }
    }

    private static List<Table> tables(Destination destination) throws SQLException {
        try (Connection connection = Databases.connect(destination)) {
            return destination.dialect().readTables(connection);
        }
    }

    private static long nextId(Connection connection, Destination destination, String table) throws SQLException {
        if (Shop.isPostgres(destination.dialect()))
            return Databases.number(connection, "select nextval(pg_get_serial_sequence('shop." + table + "', 'id'))");
        Databases.execute(connection, "analyze table shop." + table);
        return Databases.number(
                connection,
                "select auto_increment from information_schema.tables where table_schema = 'shop'"
                        + " and table_name = '" + table + "'");
    }

    /** Row counts and sums that are spelled alike on both engines. */
    private static Map<String, String> contents(Destination destination) throws SQLException {
        Map<String, String> contents = new TreeMap<>();
        try (Connection connection = Databases.connect(destination)) {
            for (ShopTable table : ShopTable.values())
                contents.put(
                        table.table(), Databases.number(connection, "select count(*) from " + table.id()) + " rows");
            List<String> names = new ArrayList<>();
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("select name from shop.customers order by id")) {
                while (rows.next()) names.add(rows.getString(1));
            }
            contents.put("names", "0 " + names.hashCode());
            contents.put("totals", "0 " + Databases.number(connection, "select sum(total) * 100 from shop.orders"));
        }
        return contents;
    }
}
