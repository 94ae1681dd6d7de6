package dev.lockstep.ingest.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.schemas.message.Position;
import java.util.List;
import java.util.Map;

/**
 * One table's columns when the migration last agreed on them, by the names of the captured side.
 *
 * @param known all columns, in the catalog's order; also those that are not carried
 * @param carried those that every row must have
 * @param former columns that were there for a while and are gone again; rows of that while may have them
 * @param since a {@link Position}; what changed before it is in the table's copy, and left out
 */
public record AgreedColumns(List<String> known, List<String> carried, List<String> former, String since) {

    /** Of a table that was followed from its first copy on. */
    public AgreedColumns(List<String> known, List<String> carried, List<String> former) {
        this(known, carried, former, Position.SNAPSHOT.toString());
    }

    /** The same of a table that was copied anew. */
    public AgreedColumns since(Position place) {
        return new AgreedColumns(known, carried, former, place.toString());
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As a connector's setting holds it: by {@code schema.table}. */
    public static String toSetting(Map<String, AgreedColumns> tables) {
        try {
            return JSON.writeValueAsString(tables);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, AgreedColumns> fromSetting(String setting) {
        try {
            return JSON.readValue(setting, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a setting of columns: " + setting, e);
        }
    }
}
