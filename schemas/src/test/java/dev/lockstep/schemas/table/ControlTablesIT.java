package dev.lockstep.schemas.table;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.lockstep.schemas.embedded.EmbeddedPostgres;
import dev.lockstep.schemas.migration.Endpoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTablesIT {

    private static final int ROUNDS = 50;
    private static final int LANES = 8;

    /** PostgreSQL's "create … if not exists" looks first and creates then, and fails where another session came between. */
    @Test
    void areCreatedByManySessionsAtOnce(@TempDir Path directory) throws Exception {
        ExecutorService sessions = Executors.newFixedThreadPool(LANES);
        try (EmbeddedPostgres server = EmbeddedPostgres.start(directory, 17, "127.0.0.1")) {
            server.createDatabase("shop");
            Endpoint endpoint = new Endpoint(server.url("shop"), server.user(), null);
            for (int round = 0; round < ROUNDS; round++) {
                CyclicBarrier together = new CyclicBarrier(LANES);
                List<Future<Void>> created = new ArrayList<>();
                for (int lane = 0; lane < LANES; lane++)
                    created.add(sessions.submit(() -> {
                        try (Connection session = endpoint.connect()) {
                            together.await();
                            ControlTables.createBarrier(session, endpoint.dialect());
                            ControlTables.createApplied(session, endpoint.dialect());
                            return null;
                        }
                    }));
                for (Future<Void> session : created)
                    assertThatCode(session::get).as("round %s", round).doesNotThrowAnyException();
                try (Connection session = endpoint.connect()) {
                    ControlTables.drop(session, endpoint.dialect());
                }
            }
        } finally {
            sessions.shutdownNow();
        }
    }
}
