package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.flip.Observed.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** BIND on loopback: a primary for {@code shop.test} that takes updates by one key, and a secondary that transfers from it. */
public final class Bind implements AutoCloseable {

    /** Who may update, and with which key. */
    public static final String KEY = Rules.KEY;

    public static final String SECRET = Rules.SECRET;

    private static final String ZONE_HEAD = """
            $TTL 60
            @ IN SOA ns1.shop.test. hostmaster.shop.test. 100 3600 600 86400 60
            @ IN NS ns1.shop.test.
            @ IN NS ns2.shop.test.
            ns1 IN A 127.0.0.1
            ns2 IN A 127.0.0.1
            """;

    private static final String COMMON = """
            options {
              directory "%1$s"; pid-file "%1$s/named.pid"; session-keyfile none; managed-keys-directory "%1$s";
              listen-on port %2$d { 127.0.0.1; }; listen-on-v6 { none; };
              recursion no; dnssec-validation no; notify-delay 0; notify-rate 1000; startup-notify-rate 1000; querylog no;
            };
            controls { };
            """;

    private final List<Process> processes = new ArrayList<>();
    private final Path directory;
    private final int primaryPort = DnsProviderContract.freePort();
    private final int secondaryPort = DnsProviderContract.freePort();

    private Bind(Path directory) {
        this.directory = directory;
    }

    /**
     * @param notify whether the primary tells the secondary of a change; if not, it goes on with the old zone for an hour
     */
    public static Bind start(Path directory, List<String> records, boolean notify) {
        Bind bind = new Bind(directory);
        try {
            bind.startPrimary(records, notify);
            bind.startSecondary();
            return bind;
        } catch (IOException | RuntimeException e) {
            bind.close();
            throw new IllegalStateException("cannot start BIND", e);
        }
    }

    /** Where BIND is; a lane that has been asked for may not be missing. */
    public static String named() {
        Optional<String> named = List.of("/usr/sbin/named", "/usr/local/sbin/named", "/usr/bin/named").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
        boolean required =
                System.getProperty("LOCKSTEP_REQUIRE_LANES", System.getenv("LOCKSTEP_REQUIRE_LANES")) != null;
        if (named.isEmpty() && required)
            throw new IllegalStateException("no named here, and LOCKSTEP_REQUIRE_LANES is set: apt-get install bind9");
        Assumptions.assumeTrue(named.isPresent(), "no named here: apt-get install bind9");
        return named.get();
    }

    public String primary() {
        return "127.0.0.1:" + primaryPort;
    }

    public String secondary() {
        return "127.0.0.1:" + secondaryPort;
    }

    /** The secondary serves what the primary does. */
    void awaitTransfer() {
        List<Wanted> nothing = List.of();
        ZoneReader reader = new ZoneReader(Spelling.parse("shop.test"), nothing, Duration.ofSeconds(1));
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> {
                    View primary = reader.read(ServerAddress.parse(primary()));
                    View secondary = reader.read(ServerAddress.parse(secondary()));
                    assertThat(secondary).isInstanceOf(View.Seen.class);
                    assertThat(((View.Seen) secondary).serial()).isEqualTo(((View.Seen) primary).serial());
                });
    }

    private void startPrimary(List<String> records, boolean notify) throws IOException {
        Path home = Files.createDirectories(directory.resolve("primary"));
        Files.writeString(home.resolve("shop.test.db"), ZONE_HEAD + String.join("\n", records) + "\n");
        String zone = """
                key "%1$s" { algorithm hmac-sha256; secret "%2$s"; };
                key "readonly.key" { algorithm hmac-sha256; secret "%2$s"; };
                zone "shop.test" {
                  type primary; file "shop.test.db"; allow-update { key "%1$s"; }; allow-transfer { any; };
                  notify %3$s; also-notify { %4$s };
                };
                """.formatted(
                        Rules.KEY,
                        Rules.SECRET,
                        notify ? "explicit" : "no",
                        notify ? "127.0.0.1 port " + secondaryPort + ";" : "");
        start(home, primaryPort, zone);
        ZoneReader reader = new ZoneReader(Spelling.parse("shop.test"), List.of(), Duration.ofSeconds(1));
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(() -> reader.read(ServerAddress.parse(primary())) instanceof View.Seen);
    }

    private void startSecondary() throws IOException {
        Path home = Files.createDirectories(directory.resolve("secondary"));
        String zone = """
                zone "shop.test" { type secondary; file "shop.test.db"; primaries { 127.0.0.1 port %d; }; };
                """.formatted(primaryPort);
        start(home, secondaryPort, zone);
        awaitTransfer();
    }

    private void start(Path home, int port, String zone) throws IOException {
        Path config = Files.writeString(home.resolve("named.conf"), COMMON.formatted(home, port) + zone);
        processes.add(new ProcessBuilder(named(), "-g", "-4", "-n", "1", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("named.log").toFile())
                .start());
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
