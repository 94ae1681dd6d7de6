package dev.lockstep.schemas.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret by reference, {@code ${env:NAME}} or {@code ${file:PATH}}: the migration file never holds one, and no log shows one.
 */
public record Secret(String reference) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

    public Secret {
        if (!REFERENCE.matcher(reference).matches())
            throw new IllegalArgumentException(
                    "a secret stands here only by reference: ${env:NAME} or ${file:PATH}, never itself");
    }

    /**
     * The secret itself, without a trailing line end.
     *
     * @throws ConfigurationException if the variable or file is not there
     */
    public String reveal() {
        Matcher reference = REFERENCE.matcher(this.reference);
        if (!reference.matches()) throw new IllegalStateException();
        String name = reference.group(2);
        return reference.group(1).equals("env") ? fromEnvironment(name) : fromFile(Path.of(name));
    }

    private static String fromEnvironment(String name) {
        String value = System.getenv(name);
        if (value == null)
            throw new ConfigurationException("secret ${env:" + name + "}: the environment has no variable " + name
                    + "; set it before the command");
        return value;
    }

    private static String fromFile(Path path) {
        try {
            return Files.readString(path).stripTrailing();
        } catch (IOException e) {
            throw new ConfigurationException(
                    "secret ${file:" + path + "}: cannot read the file ("
                            + e.getClass().getSimpleName() + "); create it, readable by the user who runs lockstep",
                    e);
        }
    }

    @Override
    public String toString() {
        return reference;
    }
}
