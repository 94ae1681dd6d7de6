package dev.lockstep.schemas.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Every version that a message's schema has had, the present one last: {@code versions/MESSAGE-1.avsc} and so on beside this class. A
 * topic may hold messages of all of them, since a migration outlives an upgrade of Lockstep.
 */
final class SchemaHistory {

    private SchemaHistory() {}

    static List<Schema> of(Class<?> message) {
        List<Schema> versions = new ArrayList<>();
        while (true) {
            String file = "versions/" + message.getSimpleName() + "-" + (versions.size() + 1) + ".avsc";
            try (InputStream in = SchemaHistory.class.getResourceAsStream(file)) {
                if (in == null) return versions;
                versions.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
