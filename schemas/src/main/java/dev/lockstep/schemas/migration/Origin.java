package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import java.util.Arrays;
import java.util.List;

/** The file that a migration was read from, so that what only the databases can refute is said with its line too. */
public final class Origin {

    /** Of a migration that was not read from a file. */
    public static final Origin NONE = new Origin("", "");

    private final String file;
    private final String yaml;

    Origin(String file, String yaml) {
        this.file = file;
        this.yaml = yaml;
    }

    /** The key as {@code file:line: tables.each.shop.orders}; a list's place is named by its number. */
    public String at(String... path) {
        String key = String.join(".", path);
        if (file.isEmpty()) return key;
        List<Reference> references = Arrays.stream(path).map(Origin::reference).toList();
        return file + ":" + YamlLines.of(yaml, references) + ": " + key;
    }

    private static Reference reference(String step) {
        return step.matches("\\d+") ? new Reference(null, Integer.parseInt(step)) : new Reference(null, step);
    }

    @Override
    public String toString() {
        return file;
    }
}
