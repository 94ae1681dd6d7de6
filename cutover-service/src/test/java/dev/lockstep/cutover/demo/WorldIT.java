package dev.lockstep.cutover.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @TempDir
    private Path directory;

    @Test
    void bothSidesAreThereTheLoadRunsAndAllIsGoneAfterwards() throws Exception {
        Set<Long> before = children();
        Path home = directory.resolve("world");
        try (World world = World.start(config("postgres", "mariadb", home))) {
            assertThat(world.sourceAddress()).isEqualTo("127.0.0.1");
            assertThat(world.targetAddress()).isEqualTo("127.0.0.2");
            assertThat(world.destinations()).containsOnlyKeys("127.0.0.1", "127.0.0.2");
            try (Connection source = world.source().connect();
                    Connection target = world.target().connect()) {
                assertThat(world.source().dialect().version(source)).startsWith("16");
                assertThat(Databases.number(source, "select count(*) from shop.order_items"))
                        .isPositive();
                assertThat(Databases.number(target, "select count(*) from shop.order_items"))
                        .isZero();
            }
            commits(world, world.sourceAddress());
            commits(world, world.targetAddress());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("secrets/source"))))
                    .isEqualTo("rw-------");
            assertThat(children()).isNotEqualTo(before);
        }

        assertThat(home).doesNotExist();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(children()).isEqualTo(before));
    }

    /** Registering a customer needs no other row. */
    private static void commits(World world, String address) throws InterruptedException {
        Resolver resolver = () -> new Resolver.Answer(address, Duration.ofSeconds(1));
        try (Load load = Load.start(LoadConfig.of(resolver, world.destinations(), 50))) {
            load.awaitFirstCommit(Duration.ofSeconds(20));
            assertThat(load.ledger().acknowledgedByAddress()).containsOnlyKeys(address);
        }
    }

    @Test
    void onesOwnServerKeepsAllButTheShop() throws Exception {
        try (EmbeddedPostgres own = EmbeddedPostgres.start(directory.resolve("own"), 17, "127.0.0.1")) {
            own.createDatabase("mine");
            Destination mine = new Destination(own.url("mine"), own.user(), own.password());
            Secret password = new Secrets(directory.resolve("keys")).keep("own", own.password());
            WorldConfig.Server server = new WorldConfig.Server(own.url("mine"), own.user(), password);
            Path home = Files.createDirectory(directory.resolve("world"));
            Files.writeString(home.resolve("note"), "was here before");
            try (Connection connection = Databases.connect(mine)) {
                Databases.execute(connection, "create table precious (x int)");
                try (World world =
                        World.start(new WorldConfig(server, WorldConfig.Server.started("postgres"), home, 500, 1))) {
                    assertThat(world.sourceAddress()).isEqualTo("127.0.0.1");
                    assertThat(world.targetAddress()).isEqualTo("127.0.0.2");
                    corruptsARowThatTheLoadLeavesAlone(world);
                }

                assertThat(Databases.number(connection, "select count(*) from precious"))
                        .isZero();
                assertThat(Databases.number(connection, "select count(*) from pg_namespace where nspname = 'shop'"))
                        .isZero();
                assertThat(Databases.number(connection, "select count(*) from pg_roles where rolname = 'shop_app'"))
                        .isZero();
                assertThat(home).isDirectoryContaining("glob:**note");
                assertThat(home).isDirectoryNotContaining("glob:**secrets");

                refusesAShopThatIsSomebodys(connection, server, home);
                refusesTwoSidesAtOneAddress(server, home);
            }
        }
    }

    private static void corruptsARowThatTheLoadLeavesAlone(World world) throws SQLException {
        try (Connection source = world.source().connect()) {
            World.Corruption corruption = World.corrupt(source);

            assertThat(corruption).isEqualTo(new World.Corruption("shop.products", "(1)"));
        }
        try (Connection target = world.target().connect()) {
            assertThatThrownBy(() -> World.corrupt(target)).hasMessageContaining("not been copied");
        }
    }

    private static void refusesAShopThatIsSomebodys(Connection connection, WorldConfig.Server server, Path home)
            throws SQLException {
        Databases.execute(connection, "create schema shop");
        Databases.execute(connection, "create table shop.customers (id int)");

        assertThatThrownBy(() ->
                        World.start(new WorldConfig(server, WorldConfig.Server.started("postgres"), home, 500, 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is a shop already");
        assertThat(Databases.number(connection, "select count(*) from shop.customers"))
                .isZero();
    }

    private static void refusesTwoSidesAtOneAddress(WorldConfig.Server server, Path home) {
        assertThatThrownBy(() -> World.start(new WorldConfig(server, server, home, 500, 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("both at 127.0.0.1");
    }

    @Test
    void aProcessThatIsToldToEndLeavesNothing() throws Exception {
        Path home = directory.resolve("world");
        Path ready = directory.resolve("ready");
        Process process = hold(home, ready);
        endsWithNothingLeft(process, home, ready);
    }

    @Test
    void aProcessThatIsToldToEndWhileTheServersStartLeavesNothing() throws Exception {
        Path home = directory.resolve("world");
        Process process = hold(home, directory.resolve("ready"));
        endsWithNothingLeft(process, home, home.resolve("source/PG_VERSION"));
    }

    private Process hold(Path home, Path ready) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorldHolder.class.getName(),
                        home.toString(),
                        ready.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /**
     * @param begun is there once it is to be told
     */
    private void endsWithNothingLeft(Process process, Path home, Path begun) throws Exception {
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(begun) || !process.isAlive());
            String log = Files.readString(directory.resolve("log"));
            assertThat(workingIn(home)).as(log).isNotEmpty();

            process.destroy();

            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(workingIn(home)).isEmpty());
            assertThat(home).as(log).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatIsNoDatabaseIsRefusedByName() {
        assertThatThrownBy(() -> WorldConfig.Server.started("oracle"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("postgres, mariadb, or a JDBC URL");
        Path home = directory.resolve("world");
        WorldConfig.Server one = new WorldConfig.Server("jdbc:postgresql://127.0.0.3:1/shop", "u", null);
        WorldConfig.Server other = new WorldConfig.Server("jdbc:mariadb://127.0.0.4:1/shop", "u", null);
        assertThatThrownBy(() -> World.start(new WorldConfig(one, other, home, 1, 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot make a shop there as u");
        assertThat(home).doesNotExist();
    }

    private static List<String> workingIn(Path home) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.flatMap(p -> p.info().commandLine().stream())
                    .filter(c -> c.contains(home + "/"))
                    .filter(c -> !c.contains(WorldHolder.class.getName()))
                    .toList();
        }
    }

    private static WorldConfig config(String source, String target, Path home) {
        return new WorldConfig(WorldConfig.Server.started(source), WorldConfig.Server.started(target), home, 1_000, 1);
    }

    /** Processes below this one. */
    private static Set<Long> children() {
        try (Stream<ProcessHandle> processes = ProcessHandle.current().descendants()) {
            return processes.map(ProcessHandle::pid).collect(Collectors.toSet());
        }
    }
}
