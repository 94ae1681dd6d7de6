package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on PowerDNS: two servers on one database, which is how PowerDNS replicates by itself. */
@SuppressWarnings("NullAway.Init")
class PowerDnsFlipIT extends Rfc2136Contract {

    private static final String PACKAGES = "pdns-server pdns-backend-sqlite3 sqlite3";
    private static final Path SCHEMA = Path.of("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql");

    @TempDir
    Path home;

    private final List<NameServerProcess> servers = new ArrayList<>();
    private final int first = Ports.free();
    private final int second = Ports.free();

    @BeforeEach
    void start() throws Exception {
        String pdns = NameServerProcess.program("pdns_server", PACKAGES);
        String sqlite = NameServerProcess.program("sqlite3", PACKAGES);
        Path database = home.resolve("zones.sqlite3");
        NameServerProcess.run(home, sqlite, database.toString(), ".read " + SCHEMA);
        configure("tool", first, database);
        Files.writeString(home.resolve("shop.test.db"), Bind.ZONE_HEAD + String.join("\n", RECORDS) + "\n");
        tool("load-zone", "shop.test", home.resolve("shop.test.db").toString());
        tool("import-tsig-key", Rules.KEY, "hmac-sha256", Rules.SECRET);
        tool("set-meta", "shop.test", "TSIG-ALLOW-DNSUPDATE", Rules.KEY);
        tool("set-meta", "shop.test", "SOA-EDIT-DNSUPDATE", "INCREASE");
        start(pdns, "first", first, database);
        start(pdns, "second", second, database);
        servers().forEach(NameServerProcess::awaitAnswer);
    }

    private void start(String pdns, String name, int port, Path database) throws IOException {
        Path directory = configure(name, port, database);
        servers.add(NameServerProcess.start(directory, List.of(pdns, "--config-dir=" + directory)));
    }

    private Path configure(String name, int port, Path database) throws IOException {
        Path directory = Files.createDirectories(home.resolve(name));
        Files.writeString(directory.resolve("pdns.conf"), """
                launch=gsqlite3
                gsqlite3-database=%1$s
                gsqlite3-pragma-synchronous=0
                local-address=127.0.0.1
                local-port=%2$d
                socket-dir=%3$s
                daemon=no
                guardian=no
                disable-syslog=yes
                dnsupdate=yes
                allow-dnsupdate-from=127.0.0.0/8
                cache-ttl=0
                query-cache-ttl=0
                negquery-cache-ttl=0
                zone-cache-refresh-interval=0
                """.formatted(database, port, directory));
        return directory;
    }

    private void tool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(NameServerProcess.program("pdnsutil", PACKAGES), "--config-dir=" + home.resolve("tool")));
        command.addAll(List.of(words));
        NameServerProcess.run(home, command.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        servers.forEach(NameServerProcess::close);
    }

    /** It says REFUSED of all of them, and no more. */
    @Override
    String[] about(String error, String... rest) {
        return new String[] {"REFUSED", "a key, a secret or a clock that is wrong"};
    }

    @Override
    String primary() {
        return "127.0.0.1:" + first;
    }

    @Override
    List<String> servers() {
        return List.of(primary(), "127.0.0.1:" + second);
    }
}
