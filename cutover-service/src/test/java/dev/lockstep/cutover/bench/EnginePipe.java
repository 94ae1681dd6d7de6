package dev.lockstep.cutover.bench;

import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The engine's own way from one server to another: {@code COPY … | COPY …} through psql, or {@code mariadb-dump | mariadb}. */
public final class EnginePipe {

    private EnginePipe() {}

    public static void copy(Databases databases, Endpoint target) throws IOException, InterruptedException {
        Endpoint source = databases.source();
        String command = databases.isPostgres()
                ? psql(source) + " -c 'copy item to stdout' | " + psql(target) + " -c 'copy item from stdin'"
                : mariaDb(databases.programs().resolve("mariadb-dump"), source)
                        + " --opt --single-transaction --no-create-info shop item | "
                        + mariaDb(databases.programs().resolve("mariadb"), target) + " " + target.database();
        Process pipe = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                .inheritIO()
                .start();
        if (pipe.waitFor() != 0) throw new IOException("failed: " + command);
    }

    private static String psql(Endpoint endpoint) {
        return "psql -q -h 127.0.0.1 -p " + endpoint.port() + " -U " + endpoint.user() + " -d " + endpoint.database();
    }

    private static String mariaDb(Path program, Endpoint endpoint) {
        if (!program.toFile().setExecutable(true) && !Files.isExecutable(program))
            throw new IllegalStateException("no program " + program);
        return program + " --protocol=tcp -h 127.0.0.1 -P " + endpoint.port() + " -u " + endpoint.user();
    }
}
