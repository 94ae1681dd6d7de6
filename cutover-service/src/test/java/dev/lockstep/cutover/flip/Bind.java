package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.embedded.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** BIND on loopback: a primary for {@code shop.test}, or for several zones, that takes updates by one key, and a secondary that transfers from it. */
public final class Bind implements AutoCloseable {

    /** Who may update, and with which key. */
    public static final String KEY = Rules.KEY;

    public static final String SECRET = Rules.SECRET;

    /** A zone's SOA, NS and the servers' addresses. */
    static final String ZONE_HEAD = """
            $TTL 60
            @ IN SOA ns1 hostmaster 100 3600 600 86400 60
            @ IN NS ns1
            @ IN NS ns2
            ns1 IN A 127.0.0.1
            ns2 IN A 127.0.0.1
            """;

    private static final String COMMON = """
            options {
              directory "%1$s"; pid-file "%1$s/named.pid"; session-keyfile none; managed-keys-directory "%1$s";
              listen-on port %2$d { 127.0.0.1; }; listen-on-v6 { none; };
              recursion no; dnssec-validation no; notify-delay 0; notify-rate 1000; startup-notify-rate 1000; querylog no;
            };
            """;

    private final List<NameServerProcess> processes = new ArrayList<>();
    private final Path directory;
    private final int primaryPort = Ports.free();
    private final int secondaryPort = Ports.free();
    private final int controlPort = Ports.free();

    private Bind(Path directory) {
        this.directory = directory;
    }

    /**
     * @param notify whether the primary tells the secondary of a change; if not, it goes on with the old zone for an hour
     */
    static Bind start(Path directory, List<String> records, boolean notify) {
        return start(directory, Map.of("shop.test", records), notify);
    }

    /**
     * The same for several zones.
     *
     * @param zones the records of each by its name
     */
    public static Bind start(Path directory, Map<String, List<String>> zones, boolean notify) {
        Bind bind = new Bind(directory);
        try {
            bind.startPrimary(zones, notify);
            bind.startSecondary(zones.keySet());
            return bind;
        } catch (IOException | RuntimeException e) {
            bind.close();
            throw new IllegalStateException("cannot start BIND", e);
        }
    }

    /** Where BIND is; a lane that has been asked for may not be missing. */
    public static String named() {
        return NameServerProcess.program("named", "bind9");
    }

    public String primary() {
        return "127.0.0.1:" + primaryPort;
    }

    public String secondary() {
        return "127.0.0.1:" + secondaryPort;
    }

    /** The secondary serves what the primary does. */
    void awaitTransfer() {
        NameServerProcess.awaitSameSerial(primary(), secondary());
    }

    /** What an administrator asks the primary for, by rndc. */
    void control(String... words) throws IOException, InterruptedException {
        Path config = Files.writeString(directory.resolve("rndc.conf"), """
                key "control.key" { algorithm hmac-sha256; secret "%s"; };
                options { default-key "control.key"; default-server 127.0.0.1; default-port %d; };
                """.formatted(Rules.SECRET, controlPort));
        List<String> command = new ArrayList<>(List.of("/usr/sbin/rndc", "-c", config.toString()));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private void startPrimary(Map<String, List<String>> zones, boolean notify) throws IOException {
        Path home = Files.createDirectories(directory.resolve("primary"));
        StringBuilder served = new StringBuilder("""
                key "%1$s" { algorithm hmac-sha256; secret "%2$s"; };
                key "readonly.key" { algorithm hmac-sha256; secret "%2$s"; };
                """.formatted(Rules.KEY, Rules.SECRET));
        for (Map.Entry<String, List<String>> zone : zones.entrySet()) {
            Files.writeString(
                    home.resolve(zone.getKey() + ".db"), ZONE_HEAD + String.join("\n", zone.getValue()) + "\n");
            served.append("""
                    zone "%1$s" {
                      type primary; file "%1$s.db"; allow-update { key "%2$s"; }; allow-transfer { any; };
                      notify %3$s; also-notify { %4$s };
                    };
                    """.formatted(
                            zone.getKey(),
                            Rules.KEY,
                            notify ? "explicit" : "no",
                            notify ? "127.0.0.1 port " + secondaryPort + ";" : ""));
        }
        String control = """
                key "control.key" { algorithm hmac-sha256; secret "%s"; };
                controls { inet 127.0.0.1 port %d allow { 127.0.0.1; } keys { "control.key"; }; };
                """.formatted(Rules.SECRET, controlPort);
        start(home, primaryPort, control + served);
        NameServerProcess.awaitAnswer(primary());
    }

    private void startSecondary(Set<String> zones) throws IOException {
        Path home = Files.createDirectories(directory.resolve("secondary"));
        StringBuilder served = new StringBuilder("controls { };\n");
        for (String zone : zones) served.append("""
                    zone "%1$s" { type secondary; file "%1$s.db"; primaries { 127.0.0.1 port %2$d; }; };
                    """.formatted(zone, primaryPort));
        start(home, secondaryPort, served.toString());
        awaitTransfer();
    }

    private void start(Path home, int port, String zone) throws IOException {
        Path config = Files.writeString(home.resolve("named.conf"), COMMON.formatted(home, port) + zone);
        processes.add(NameServerProcess.start(home, List.of(named(), "-g", "-4", "-n", "1", "-c", config.toString())));
    }

    @Override
    public void close() {
        processes.forEach(NameServerProcess::close);
    }
}
