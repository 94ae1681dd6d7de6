package dev.lockstep.schemas.row;

import java.util.List;
import java.util.stream.Collectors;

/** Which row: the table as the source names it, and the primary key's values in key order. */
public record RowKey(String table, List<Value> values) {

    /** For people and log lines: {@code (7, x)}. Shows key values, so never where those are secret. */
    public String display() {
        return values.stream().map(Texts::display).collect(Collectors.joining(", ", "(", ")"));
    }
}
