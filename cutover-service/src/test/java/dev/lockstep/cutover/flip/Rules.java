package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import dev.lockstep.schemas.migration.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DNS rules for tests, for the zone {@code shop.test}. */
@SuppressWarnings("NullAway") // what a file leaves out
final class Rules {

    static final String KEY = "lockstep.key";
    static final String SECRET = base64("a secret that is long enough");
    static final String OTHER_SECRET = base64("some other secret, as long");

    private Rules() {}

    static DnsRules of(RecordRules... records) {
        return of("127.0.0.1:53", List.of("127.0.0.1:53"), null, records);
    }

    static DnsRules of(String primary, List<String> servers, @Nullable TsigRules key, RecordRules... records) {
        return zone("shop.test", primary, servers, key, records);
    }

    static DnsRules zone(
            String zone, String primary, List<String> servers, @Nullable TsigRules key, RecordRules... records) {
        return new DnsRules(zone, primary, List.of(), null, servers, key, null, List.of(records));
    }

    static RecordRules record(String name, String type, List<String> from, List<String> to, @Nullable Long ttl) {
        return new RecordRules(name, type, from, to, ttl);
    }

    static RecordRules record(String name, String type, String from, String to) {
        return record(name, type, List.of(from), List.of(to), null);
    }

    static TsigRules key(Path directory, String name, String secret) {
        try {
            Path file = Files.createTempFile(directory, "secret", "");
            Files.writeString(file, secret + "\n");
            return new TsigRules(name, "hmac-sha256", new Secret("${file:" + file + "}"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
