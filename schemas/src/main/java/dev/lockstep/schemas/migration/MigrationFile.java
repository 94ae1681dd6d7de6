package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the migration file. What is wrong in it is said with file, line, key and remedy. */
public final class MigrationFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES)
            // a number that is left out is 0 to its record, which puts the default in its place
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .addModule(new SimpleModule()
                    .addDeserializer(Duration.class, new Scalar<>(Duration.class, MigrationFile::duration))
                    .addDeserializer(Secret.class, new Scalar<>(Secret.class, Secret::new)))
            .build();

    private MigrationFile() {}

    /**
     * @throws ConfigurationException if the file is not there or not a valid migration
     */
    public static Migration load(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(file + ": no such file; `lockstep init` writes one to begin with", e);
        } catch (IOException e) {
            throw new ConfigurationException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    static Migration parse(String file, String yaml) {
        try {
            if (yaml.isBlank())
                throw new ConfigurationException(file + ": is empty; `lockstep init` writes one to begin with");
            return YAML.readValue(yaml, Migration.class).readFrom(new Origin(file, yaml));
        } catch (UnrecognizedPropertyException e) {
            throw wrong(
                    file,
                    yaml,
                    e,
                    "unknown key; known here: "
                            + e.getKnownPropertyIds().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        } catch (JsonMappingException e) {
            Throwable root = e;
            while (root.getCause() != null) root = root.getCause();
            String problem = String.valueOf(
                    root instanceof JsonProcessingException p ? p.getOriginalMessage() : root.getMessage());
            boolean missing = problem.startsWith("Missing required");
            throw wrong(file, yaml, e, missing ? "is required, but missing" : problem);
        } catch (JsonProcessingException e) {
            throw wrong(file, yaml, e, e.getOriginalMessage());
        }
    }

    private static ConfigurationException wrong(String file, String yaml, JsonProcessingException e, String problem) {
        List<JsonMappingException.Reference> path = e instanceof JsonMappingException m ? m.getPath() : List.of();
        JsonLocation stopped = e.getLocation();
        int line = path.isEmpty() ? (stopped == null ? 1 : stopped.getLineNr()) : YamlLines.of(yaml, path);
        String key = path(path);
        return new ConfigurationException(file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + problem, e);
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null)
                path.append('[').append(reference.getIndex()).append(']');
            else path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
        }
        return path.toString();
    }

    static Duration duration(String text) {
        var match = java.util.regex.Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)").matcher(text);
        if (!match.matches())
            throw new IllegalArgumentException(
                    "a duration is a number with ms, s, m, h or d: 250ms, not '" + text + "'");
        long amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** A value written as one word. */
    private static final class Scalar<T> extends StdScalarDeserializer<T> {

        private static final long serialVersionUID = 1;

        private final transient Function<String, T> parser;

        Scalar(Class<T> type, Function<String, T> parser) {
            super(type);
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            String text = json.getValueAsString();
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw JsonMappingException.from(json, e.getMessage());
            }
        }
    }
}
