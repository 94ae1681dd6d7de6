package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.embedded.EmbeddedMariaDb;
import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Secret;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One side's database.
 *
 * @param address by which the A record names it
 * @param started by us, and gone with us; otherwise somebody's own, which only lends us room for a shop
 */
record Site(Endpoint endpoint, String address, boolean started) {

    /** Starts a server whose database {@code shop} is empty, and has it stopped with the world. */
    static Site start(
            WorldConfig.Server server,
            int postgresMajor,
            Path directory,
            String address,
            Secrets secrets,
            Cleanup cleanup) {
        if (server.kind().equals("postgres")) {
            EmbeddedPostgres started = EmbeddedPostgres.start(directory, postgresMajor, address);
            cleanup.add("PostgreSQL", started);
            started.createDatabase(Shop.SCHEMA);
            Secret password = secrets.keep(directory.getFileName().toString(), started.password());
            return new Site(new Endpoint(started.url(Shop.SCHEMA), started.user(), password), address, true);
        }
        EmbeddedMariaDb started = EmbeddedMariaDb.start(directory, address);
        cleanup.add("MariaDB", started);
        started.createDatabase(Shop.SCHEMA);
        Secret password = secrets.keep(directory.getFileName().toString(), started.password());
        return new Site(new Endpoint(started.url(Shop.SCHEMA), started.user(), password), address, true);
    }

    /**
     * Takes one's own server as it is.
     *
     * @throws ConfigurationException if a demo cannot be run there
     */
    static Site of(WorldConfig.Server server) {
        Endpoint endpoint = new Endpoint(server.kind(), Objects.requireNonNull(server.user()), server.password());
        if (!Shop.isPostgres(endpoint.dialect()) && !endpoint.database().equals(Shop.SCHEMA))
            throw new ConfigurationException(
                    server.kind() + ": the demo's database is called shop; create it and name it in the URL");
        return new Site(endpoint, address(endpoint.host()), false);
    }

    private static String address(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host))
                    .filter(Inet4Address.class::isInstance)
                    .findFirst()
                    .map(InetAddress::getHostAddress)
                    .orElseThrow(() -> new UnknownHostException(host));
        } catch (UnknownHostException e) {
            throw new ConfigurationException(host + ": has no IPv4 address that an A record could name", e);
        }
    }
}
