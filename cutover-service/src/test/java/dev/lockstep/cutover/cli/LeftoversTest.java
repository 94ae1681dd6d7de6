package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration whose databases are gone by now, and a Connect cluster of one's own. */
class LeftoversTest {

    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    Path directory;

    @Test
    void deletesTheConnectorsOfBothSidesWhetherTheyAreThereOrNot() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer connect = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        connect.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path);
            exchange.sendResponseHeaders(path.endsWith(".0") ? 204 : 404, -1);
            exchange.close();
        });
        connect.start();
        try {
            String url = "http://127.0.0.1:" + connect.getAddress().getPort();

            assertThat(Leftovers.removeCaptures(of("mysql", url))).isEmpty();

            assertThat(asked)
                    .containsExactly(
                            "DELETE /connectors/lockstep.shop.source.0",
                            "DELETE /connectors/lockstep.shop.source.1",
                            "DELETE /connectors/lockstep.shop.target.0",
                            "DELETE /connectors/lockstep.shop.target.1");
        } finally {
            connect.stop(0);
        }
    }

    @Test
    void namesConnectorsAndSlotsThatCannotBeReachedAndLeavesTheRestAlone() throws Exception {
        assertThat(Leftovers.removeCaptures(of("postgresql", NOBODY)))
                .satisfiesExactly(
                        left -> assertThat(left)
                                .startsWith("in Kafka Connect at " + NOBODY + ": connectors lockstep.shop.* (")
                                .endsWith("or start `lockstep run` once more"),
                        left -> assertThat(left)
                                .startsWith("on the source: replication slots and publications"
                                        + " lockstep_shop_source_0, lockstep_shop_source_1 (")
                                .contains("drop them"),
                        left -> assertThat(left).startsWith("on the target: ").contains("lockstep_shop_target_1"));
    }

    @Test
    void namesAllOfItAtTheEnd() throws Exception {
        assertThat(Leftovers.remove(of("postgresql", NOBODY)))
                .hasSize(5)
                .anyMatch(left -> left.startsWith("in Kafka Connect"))
                .anyMatch(left -> left.startsWith("on the source: replication slots"))
                .anyMatch(left -> left.startsWith("on the source: schema or database lockstep ("))
                .anyMatch(left -> left.startsWith("on the target: schema or database lockstep ("));
    }

    private Leftovers of(String engine, String connect) throws IOException {
        return Leftovers.of(MigrationFile.load(Files.writeString(
                directory.resolve("m.yaml"), """
                migration: shop
                state: %s
                source: {url: "jdbc:%2$s://127.0.0.1:1/shop", user: u}
                target: {url: "jdbc:%2$s://127.0.0.1:1/shop", user: u}
                tables: {include: ["shop.*"]}
                lanes: [["shop.item"]]
                kafka: {bootstrap: "127.0.0.1:1", connect: "%3$s"}
                """.formatted(directory.resolve("state"), engine, connect))));
    }
}
