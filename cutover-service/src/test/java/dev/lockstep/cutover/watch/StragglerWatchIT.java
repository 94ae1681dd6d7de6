package dev.lockstep.cutover.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is on a real server. Lockstep comes as the servers' administrator here, the application as a user of its own. */
class StragglerWatchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void namesTheClientsOfAPostgresDatabaseWithoutItsOwn() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 17, "127.0.0.1")) {
            server.createDatabase("shop");
            String url = server.url("shop");
            try (Connection admin = DriverManager.getConnection(url, server.user(), server.password())) {
                execute(admin, "create role shop_app login password 'app'");
                seesTheApplication(new Endpoint(url, server.user(), null), url);
            }
        }
    }

    @Test
    void namesTheClientsOfAMariaDbServerWithoutItsOwn() throws Exception {
        try (EmbeddedMariaDb server = EmbeddedMariaDb.start(directory, "127.0.0.1")) {
            server.createDatabase("shop");
            String url = server.url("shop");
            try (Connection admin = DriverManager.getConnection(url, server.user(), server.password())) {
                execute(admin, "create user shop_app@'%' identified by 'app'");
                execute(admin, "grant select on shop.* to shop_app@'%'");
                seesTheApplication(new Endpoint(url, server.user(), null), url);
            }
        }
    }

    private static void seesTheApplication(Endpoint lockstep, String url) throws SQLException {
        try (StragglerWatch watch = StragglerWatch.start(lockstep, Clock.systemUTC())) {
            watch.watch(true);
            assertThat(await(watch, seen -> true).clients())
                    .as("but Lockstep's own sessions there are none")
                    .isEmpty();

            try (Connection one = DriverManager.getConnection(url, "shop_app", "app");
                    Connection other = DriverManager.getConnection(url, "shop_app", "app")) {
                Stragglers seen = await(watch, now -> now.sessions() == 2);
                assertThat(one).isNotSameAs(other);
                assertThat(seen.clients()).singleElement().satisfies(client -> {
                    assertThat(client.client()).isEqualTo("127.0.0.1");
                    assertThat(client.user()).isEqualTo("shop_app");
                    assertThat(client.sessions()).isEqualTo(2);
                    assertThat(client.refused())
                            .as("neither engine counts that")
                            .isNull();
                });
            }
            Stragglers after = await(watch, now -> now.sessions() == 0);
            assertThat(after.clients())
                    .singleElement()
                    .satisfies(client -> assertThat(client.most()).isEqualTo(2));

            watch.watch(false);
            assertThat(watch.seen()).as("who comes while it rests is none").isEmpty();
        }
    }

    private static Stragglers await(StragglerWatch watch, Predicate<Stragglers> wanted) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(watch::seen, seen -> seen.filter(wanted).isPresent())
                .orElseThrow();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
