package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.testing.DrawnTables;
import dev.lockstep.schemas.testing.MySqlTypeCases;
import dev.lockstep.schemas.testing.PostgresTypeCases;
import dev.lockstep.schemas.testing.TestMySql;
import dev.lockstep.schemas.testing.TypeCase;
import dev.lockstep.schemas.testing.TypeTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of all nine pairs of engines: every value written to the other side, by upsert and by the copy's way, reads back as the same
 * canonical bytes, or is refused where that side has no such value. So do random rows of random tables under odd names.
 */
class TypePairsIT {

    @TempDir
    static Path directory;

    private static EmbeddedPostgres postgres;
    private static EmbeddedMariaDb mariaDb;

    @BeforeAll
    static void start() throws SQLException {
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), 16, "127.0.0.1");
        postgres.createDatabase("shop");
        TableReads.execute(onPostgres(), "create schema shop", "create schema home");
        TableReads.execute(onPostgres(), PostgresTypeCases.SETUP.toArray(new String[0]));
        mariaDb = EmbeddedMariaDb.start(directory.resolve("mariadb"), "127.0.0.1");
        mariaDb.createDatabase("shop");
        mariaDb.createDatabase("home");
    }

    @AfterAll
    static void stop() {
        mariaDb.close();
        postgres.close();
    }

    @Test
    void fromPostgreSqlToPostgreSql() throws SQLException {
        carries(onPostgres(), PostgresTypeCases.ALL, onPostgres());
    }

    @Test
    void fromPostgreSqlToMariaDb() throws SQLException {
        carries(onPostgres(), PostgresTypeCases.ALL, onMariaDb());
    }

    @Test
    void fromPostgreSqlToMySql() throws Exception {
        carries(onPostgres(), PostgresTypeCases.ALL, onMySql());
    }

    @Test
    void fromMariaDbToPostgreSql() throws SQLException {
        carries(onMariaDb(), MySqlTypeCases.MARIADB, onPostgres());
    }

    @Test
    void fromMariaDbToMariaDb() throws SQLException {
        carries(onMariaDb(), MySqlTypeCases.MARIADB, onMariaDb());
    }

    @Test
    void fromMariaDbToMySql() throws Exception {
        carries(onMariaDb(), MySqlTypeCases.MARIADB, onMySql());
    }

    @Test
    void fromMySqlToPostgreSql() throws Exception {
        carries(onMySql(), MySqlTypeCases.MYSQL, onPostgres());
    }

    @Test
    void fromMySqlToMariaDb() throws Exception {
        carries(onMySql(), MySqlTypeCases.MYSQL, onMariaDb());
    }

    @Test
    void fromMySqlToMySql() throws Exception {
        carries(onMySql(), MySqlTypeCases.MYSQL, onMySql());
    }

    private static Endpoint onPostgres() {
        return new Endpoint(postgres.url("shop"), postgres.user(), null);
    }

    private static Endpoint onMariaDb() {
        return new Endpoint(mariaDb.url("shop"), mariaDb.user(), null);
    }

    private static Endpoint onMySql() throws Exception {
        Path secrets = Files.createDirectories(directory.resolve("mysql"));
        TestMySql.database("home", secrets);
        return TestMySql.database("shop", secrets);
    }

    private static void carries(Endpoint source, List<TypeCase> cases, Endpoint target) throws SQLException {
        TypeTables tables = new TypeTables(source, cases);
        tables.drop();
        tables.create(List.of());
        tables.fill();
        assertThat(new TypeCarrier(tables, cases, target).wrong()).isEmpty();
        boolean isSameFamily = source.dialect().getClass() == target.dialect().getClass();
        DrawnTables drawn = new DrawnTables(
                source, cases, !isSameFamily, 5, target.dialect().engine());
        drawn.create();
        drawn.fill();
        assertThat(new DrawnCarrier(drawn, target).wrong()).as(drawn.replay()).isEmpty();
        drawn.drop();
    }
}
