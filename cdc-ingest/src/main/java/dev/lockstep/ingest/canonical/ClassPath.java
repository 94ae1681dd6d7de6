package dev.lockstep.ingest.canonical;

import java.util.Arrays;
import org.apache.kafka.connect.errors.ConnectException;

/** Some of our classes stand in the place of Debezium's of the same name, which holds only while the class path has them first. */
public final class ClassPath {

    private ClassPath() {}

    /**
     * @param loaded what stands in that place
     * @param mark a public field that only our class has
     * @param otherwise what Debezium's would do
     * @throws ConnectException if it is Debezium's own
     */
    public static void check(Class<?> loaded, String mark, String otherwise) {
        boolean ours = Arrays.stream(loaded.getFields())
                .anyMatch(field -> field.getName().equals(mark));
        if (!ours)
            throw new ConnectException("Debezium would " + otherwise
                    + ": cdc-ingest's classes must come before its connectors' on the class path");
    }
}
