package dev.lockstep.cutover.cli;

import static org.awaitility.Awaitility.await;

import dev.lockstep.cutover.demo.DemoDns;
import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.cutover.flip.RecordSet;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A zone {@code NAME.test} with {@code db.NAME.test} on a server of its own, and the rules that move it from 127.0.0.2 to 127.0.0.3. */
final class DnsWorld implements AutoCloseable {

    private static final String KEY = "lockstep.key";
    private static final String SECRET =
            Base64.getEncoder().encodeToString("a secret that is long enough".getBytes(StandardCharsets.UTF_8));

    private final DemoDns dns;
    private final String name;
    private final Path secret;

    DnsWorld(Path directory, String name, long ttl) {
        this.name = name;
        this.dns = DemoDns.start(
                name + ".test",
                KEY,
                SECRET,
                List.of(
                        "db." + name + ".test. " + ttl + " IN A 127.0.0.2",
                        "db." + name + ".test. 30 IN AAAA 2001:db8::2"));
        try {
            secret = Files.writeString(directory.resolve(name + ".secret"), SECRET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return dns.address();
    }

    /**
     * @param primary where updates go: the server, or what stands before it
     * @param ttl that the address has after the flip; null: as before
     */
    DnsRules rules(String primary, @Nullable Long ttl) {
        return rules(
                primary,
                KEY,
                List.of(
                        new RecordRules("db." + name + ".test", "A", List.of("127.0.0.2"), List.of("127.0.0.3"), ttl),
                        new RecordRules(
                                "db." + name + ".test", "AAAA", List.of("2001:db8::2"), List.of("2001:db8::3"), null)));
    }

    /** The zone as a command changes it. */
    @SuppressWarnings("NullAway") // what a file leaves out
    DnsRules rulesBy(List<String> command) {
        return new DnsRules(
                name + ".test",
                null,
                command,
                null,
                List.of(address()),
                null,
                null,
                rules(address(), null).records());
    }

    @SuppressWarnings("NullAway") // what a file leaves out
    private DnsRules rules(String primary, String key, List<RecordRules> records) {
        return new DnsRules(
                name + ".test",
                primary,
                List.of(),
                null,
                List.of(address()),
                new TsigRules(key, null, new Secret("${file:" + secret + "}")),
                Duration.ofSeconds(60),
                records);
    }

    Zone zone() {
        return zone(address());
    }

    Zone zone(String primary) {
        return zone(rules(primary, null));
    }

    /** The zone with a key of another name. */
    Zone signedBy(String key) {
        return zone(rules(address(), key, rules(address(), null).records()));
    }

    /** The zone with {@code fresh.NAME.test}, which is not there yet, as all that moves. */
    Zone withNewName() {
        RecordRules fresh = new RecordRules("fresh." + name + ".test", "A", List.of(), List.of("127.0.0.3"), 20L);
        return zone(rules(address(), KEY, List.of(fresh)));
    }

    private static Zone zone(DnsRules rules) {
        return Zone.of(List.of(rules), Clock.systemUTC()).get(0);
    }

    /** The file's section for it. */
    String yaml() {
        return """
                zone: %1$s.test
                    primary: %2$s
                    servers: ["%2$s"]
                    key: {name: %3$s, secret: "${file:%4$s}"}
                    records:
                      - {name: db.%1$s.test, type: A, from: [127.0.0.2], to: [127.0.0.3]}
                      - {name: db.%1$s.test, type: AAAA, from: ["2001:db8::2"], to: ["2001:db8::3"]}
                """.formatted(name, address(), KEY, secret);
    }

    /** Somebody else's change of the address. */
    void set(String address) {
        RecordSet now = shown();
        RecordRules change = new RecordRules("db." + name + ".test", "A", now.values(), List.of(address), null);
        RecordRules stays =
                new RecordRules("db." + name + ".test", "AAAA", List.of("2001:db8::2"), List.of("2001:db8::2"), null);
        zone(rules(address(), KEY, List.of(change, stays))).move(false).apply();
    }

    /** What the server itself shows of the address. */
    RecordSet shown() {
        return ((View.Seen) zone().provider().observe().primary()).sets().get(0);
    }

    /** Once it is closed nobody answers any more, nor takes a connection that was on its way. */
    @Override
    public void close() {
        dns.close();
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> !isListening());
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dns.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
