package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PowerDNS servers of the zone {@code shop.test} on one database, which is how PowerDNS replicates by itself. */
public final class PowerDns implements AutoCloseable {

    private static final String PACKAGES = "pdns-server pdns-backend-sqlite3 sqlite3";
    private static final Path SCHEMA = Path.of("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql");

    private final Path home;
    private final List<NameServerProcess> processes = new ArrayList<>();
    private final List<String> servers = new ArrayList<>();

    private PowerDns(Path home) {
        this.home = home;
    }

    /**
     * Two that take updates signed with {@link Rules#KEY}, and answer.
     *
     * @param records besides the SOA and the servers'
     */
    public static PowerDns start(Path home, List<String> records) throws IOException, InterruptedException {
        PowerDns dns = new PowerDns(home);
        String sqlite = NameServerProcess.program("sqlite3", PACKAGES);
        NameServerProcess.run(home, sqlite, dns.database(), ".read " + SCHEMA);
        dns.configure("tool", Ports.free());
        Path zone = Files.writeString(home.resolve("shop.test.db"), Bind.ZONE_HEAD + String.join("\n", records) + "\n");
        dns.tool("load-zone", "shop.test", zone.toString());
        dns.tool("import-tsig-key", Rules.KEY, "hmac-sha256", Rules.SECRET);
        dns.tool("set-meta", "shop.test", "TSIG-ALLOW-DNSUPDATE", Rules.KEY);
        dns.tool("set-meta", "shop.test", "SOA-EDIT-DNSUPDATE", "INCREASE");
        dns.serve("first");
        dns.serve("second");
        dns.servers.forEach(NameServerProcess::awaitAnswer);
        return dns;
    }

    private void serve(String name) throws IOException {
        int port = Ports.free();
        Path directory = configure(name, port);
        String program = NameServerProcess.program("pdns_server", PACKAGES);
        processes.add(NameServerProcess.start(directory, List.of(program, "--config-dir=" + directory)));
        servers.add("127.0.0.1:" + port);
    }

    private Path configure(String name, int port) throws IOException {
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
                enable-lua-records=yes
                cache-ttl=0
                query-cache-ttl=0
                negquery-cache-ttl=0
                zone-cache-refresh-interval=0
                """.formatted(database(), port, directory));
        return directory;
    }

    private void tool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(tool());
        command.addAll(List.of(words));
        NameServerProcess.run(home, command.toArray(String[]::new));
    }

    /** The command that changes the zone. */
    public List<String> tool() {
        return List.of(NameServerProcess.program("pdnsutil", PACKAGES), "--config-dir=" + home.resolve("tool"));
    }

    /** {@code host:port} of both. */
    public List<String> servers() {
        return List.copyOf(servers);
    }

    private String database() {
        return home.resolve("zones.sqlite3").toString();
    }

    @Override
    public void close() {
        processes.forEach(NameServerProcess::close);
    }
}
