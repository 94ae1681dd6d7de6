package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * A source database with a shop in it and a target with an empty one, each at an address of its own. Closing it, or the end of
 * the process, removes all that it made: servers, files, and on one's own servers the shop and its user.
 */
public final class World implements AutoCloseable {

    /** The row that was changed: table and key as mismatches spell them. */
    public record Corruption(String table, String key) {}

    private final Cleanup cleanup;
    private final Site source;
    private final Site target;
    private final Secret applicationPassword;

    World(Cleanup cleanup, Site source, Site target, Secret applicationPassword) {
        this.cleanup = cleanup;
        this.source = source;
        this.target = target;
        this.applicationPassword = applicationPassword;
    }

    /**
     * Starts or opens both sides, at the same time.
     *
     * @throws ConfigurationException if one's own server cannot be used: unreachable, a shop already there, addresses alike
     */
    public static World start(WorldConfig config) {
        Cleanup cleanup = new Cleanup();
        try {
            return new WorldBuilder(config, cleanup).build();
        } catch (RuntimeException | Error e) {
            cleanup.close();
            throw e;
        }
    }

    public Endpoint source() {
        return source.endpoint();
    }

    public Endpoint target() {
        return target.endpoint();
    }

    public String sourceAddress() {
        return source.address();
    }

    public String targetAddress() {
        return target.address();
    }

    public String applicationUser() {
        return WorldConfig.APPLICATION_USER;
    }

    public Secret applicationPassword() {
        return applicationPassword;
    }

    /** How the application reaches the database at either address. */
    public Map<String, Destination> destinations() {
        return Map.of(source.address(), destination(source), target.address(), destination(target));
    }

    private Destination destination(Site site) {
        return new Destination(site.endpoint().url(), applicationUser(), applicationPassword.reveal());
    }

    /**
     * Changes a row behind Lockstep's back: the price of a product that the load never writes.
     *
     * @param target may write there, whether the target is open yet or not
     */
    public static Corruption corrupt(Connection target) throws SQLException {
        String change = "update shop.products set price = price + 0.01 where id = " + Shop.UNTOUCHED_PRODUCT;
        try (var statement = target.createStatement()) {
            if (statement.executeUpdate(change) != 1)
                throw new SQLException("the row to corrupt has not been copied yet");
        }
        if (!target.getAutoCommit()) target.commit();
        return new Corruption(ShopTable.PRODUCTS.id(), ShopTable.PRODUCTS.display(Shop.UNTOUCHED_PRODUCT));
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
