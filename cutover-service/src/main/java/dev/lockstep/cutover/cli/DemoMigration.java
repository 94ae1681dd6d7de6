package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.demo.DemoDns;
import dev.lockstep.cutover.demo.World;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The demo's migration file: written as an operator would write it, and read like any other. */
final class DemoMigration {

    static final String ZONE = "shop.test";
    static final String NAME = "db.shop.test";
    static final long TTL_SECONDS = 1;
    static final String KEY = "lockstep-demo";

    private DemoMigration() {}

    static Path write(Path directory, World world, DemoDns dns, Path tsigSecret, Duration hold, boolean auto)
            throws IOException {
        return write(directory, world, "127.0.0.1:" + dns.port(), KEY, tsigSecret, hold, auto);
    }

    /**
     * @param primary the name server that takes updates
     * @param key name of the key that it takes them by
     */
    static Path write(
            Path directory, World world, String primary, String key, Path tsigSecret, Duration hold, boolean auto)
            throws IOException {
        String yaml = """
                migration: demo
                state: %s
                source:
                %s
                target:
                %s
                tables:
                  include: ["shop.*"]
                cutover:
                  mode: %s
                  hold: %ds
                  writePauseBudget: 30s
                  applicationUser: %s
                  applicationPassword: %s
                inventory: {}
                dns:
                  zone: %s
                  primary: %s
                  servers: ["%<s"]
                  key: {name: %s, secret: "${file:%s}"}
                  records:
                    - {name: %s, type: A, from: ["%s"], to: ["%s"]}
                """.formatted(
                        directory.resolve("state"),
                        endpoint(world.source()),
                        endpoint(world.target()),
                        auto ? "auto" : "manual",
                        hold.toSeconds(),
                        world.applicationUser(),
                        quoted(world.applicationPassword()),
                        ZONE,
                        primary,
                        key,
                        tsigSecret,
                        NAME,
                        world.sourceAddress(),
                        world.targetAddress());
        return Files.writeString(directory.resolve("migration.yaml"), yaml);
    }

    private static String endpoint(Endpoint endpoint) {
        return "  url: " + endpoint.url() + "\n  user: " + endpoint.user()
                + (endpoint.password() == null ? "" : "\n  password: " + quoted(endpoint.password()));
    }

    private static String quoted(@Nullable Secret secret) {
        return '"' + String.valueOf(secret) + '"';
    }
}
