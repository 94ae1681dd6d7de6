package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Secret;
import dev.lockstep.schemas.table.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the two sides, both at the same time. */
final class WorldBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(WorldBuilder.class);

    /** An older major version moves to a newer one. */
    private static final int POSTGRES_SOURCE = 16;

    private static final int POSTGRES_TARGET = 17;

    private final WorldConfig config;
    private final Cleanup cleanup;
    private final Secrets secrets;
    private final String applicationPassword = new BigInteger(128, new SecureRandom()).toString(36);

    WorldBuilder(WorldConfig config, Cleanup cleanup) {
        this.config = config;
        this.cleanup = cleanup;
        secrets = new Secrets(config.directory().resolve("secrets"));
    }

    World build() {
        Addresses addresses = Addresses.of(config);
        makeDirectory(config.directory());
        Secret password = secrets.keep("application", applicationPassword);
        var source = inParallel("source", config.source(), POSTGRES_SOURCE, addresses.source(), config.rows());
        var target = inParallel("target", config.target(), POSTGRES_TARGET, addresses.target(), 0);
        CompletableFuture<Void> both = CompletableFuture.allOf(source, target);
        // Told to end meanwhile, the process waits: a server that is just being started could not be stopped, nor its
        // files removed.
        cleanup.add("servers that are starting", () -> awaitEnd(both));
        try {
            both.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return new World(cleanup, source.join(), target.join(), password);
    }

    private static void awaitEnd(CompletableFuture<Void> work) throws InterruptedException, TimeoutException {
        try {
            work.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            LOG.atDebug().setCause(e).log("no server started");
        }
    }

    /** A directory that was there before stays. */
    private void makeDirectory(Path directory) {
        try {
            if (Files.exists(directory))
                for (String part : List.of("secrets", "source", "target"))
                    cleanup.addDirectory(directory.resolve(part));
            else cleanup.addDirectory(directory);
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    private CompletableFuture<Site> inParallel(
            String side, WorldConfig.Server server, int postgresMajor, String address, long rows) {
        return CompletableFuture.supplyAsync(
                () -> furnish(open(side, server, postgresMajor, address), rows), WorldBuilder::thread);
    }

    private Site open(String side, WorldConfig.Server server, int postgresMajor, String address) {
        if (!server.isStarted()) return Site.of(server);
        return Site.start(server, postgresMajor, config.directory().resolve(side), address, secrets, cleanup);
    }

    private Site furnish(Site site, long rows) {
        Dialect dialect = site.endpoint().dialect();
        try (Connection connection = site.endpoint().connect()) {
            if (Shop.exists(connection))
                throw new ConfigurationException(site.endpoint().url()
                        + ": there is a shop already, and the demo removes what it made; name an empty database");
            if (!site.started()) cleanup.add(site.endpoint().url(), () -> clear(site));
            Shop.create(connection, dialect);
            Shop.grant(connection, dialect, WorldConfig.APPLICATION_USER, applicationPassword);
            if (rows > 0) Shop.seed(connection, dialect, rows, config.seed());
            LOG.atInfo()
                    .addKeyValue("address", site.address())
                    .addKeyValue("engine", dialect.engine())
                    .log("database ready");
            return site;
        } catch (SQLException e) {
            throw new ConfigurationException(
                    site.endpoint().url() + ": cannot make a shop there as "
                            + site.endpoint().user() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Also where the fence still stands. */
    private static void clear(Site site) throws SQLException {
        try (Connection connection = site.endpoint().connectWriter()) {
            Shop.drop(connection, site.endpoint().dialect());
            Shop.revoke(connection, site.endpoint().dialect(), WorldConfig.APPLICATION_USER);
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "demo-database");
        thread.setDaemon(true);
        thread.start();
    }
}
