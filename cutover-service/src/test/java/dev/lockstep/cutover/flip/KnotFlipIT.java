package dev.lockstep.cutover.flip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Update;

/** The contract on Knot DNS, a primary and a secondary. */
@SuppressWarnings("NullAway.Init")
class KnotFlipIT extends Rfc2136Contract {

    private static final String COMMON = """
            server:
              rundir: %1$s
              listen: 127.0.0.1@%2$d
            control:
              listen: %1$s/knot.sock
            database:
              storage: %1$s
            log:
              - target: stdout
                any: info
            """;

    @TempDir
    Path home;

    private final List<NameServerProcess> servers = new ArrayList<>();
    private final int primaryPort = freePort();
    private final int secondaryPort = freePort();

    @BeforeEach
    void start() throws IOException {
        NameServerProcess.program("knotd", "knot");
        Path primary = Files.createDirectories(home.resolve("primary"));
        Files.writeString(primary.resolve("shop.test.db"), Bind.ZONE_HEAD + String.join("\n", RECORDS) + "\n");
        start(primary, primaryPort, """
                key:
                  - id: %1$s
                    algorithm: hmac-sha256
                    secret: %2$s
                acl:
                  - id: update
                    key: %1$s
                    action: update
                  - id: transfer
                    address: 127.0.0.1
                    action: transfer
                remote:
                  - id: secondary
                    address: 127.0.0.1@%3$d
                zone:
                  - domain: shop.test
                    storage: %4$s
                    file: shop.test.db
                    zonefile-load: whole
                    serial-policy: increment
                    notify: secondary
                    acl: [update, transfer]
                """.formatted(Rules.KEY, Rules.SECRET, secondaryPort, primary));
        NameServerProcess.awaitAnswer(primary());
        Path secondary = Files.createDirectories(home.resolve("secondary"));
        start(secondary, secondaryPort, """
                remote:
                  - id: primary
                    address: 127.0.0.1@%1$d
                acl:
                  - id: notify
                    address: 127.0.0.1
                    action: notify
                zone:
                  - domain: shop.test
                    storage: %2$s
                    master: primary
                    acl: notify
                """.formatted(primaryPort, secondary));
        NameServerProcess.awaitSameSerial(primary(), secondary());
    }

    private void start(Path directory, int port, String rest) throws IOException {
        Path config = Files.writeString(directory.resolve("knot.conf"), COMMON.formatted(directory, port) + rest);
        servers.add(NameServerProcess.start(
                directory, List.of(NameServerProcess.program("knotd", "knot"), "-c", config.toString())));
    }

    @AfterEach
    void stop() {
        servers.forEach(NameServerProcess::close);
    }

    @Override
    String primary() {
        return "127.0.0.1:" + primaryPort;
    }

    private String secondary() {
        return "127.0.0.1:" + secondaryPort;
    }

    @Override
    List<String> servers() {
        return List.of(primary(), secondary());
    }

    @Override
    void foreignWriter(Update update) throws IOException {
        super.foreignWriter(update);
        NameServerProcess.awaitSameSerial(primary(), secondary());
    }
}
