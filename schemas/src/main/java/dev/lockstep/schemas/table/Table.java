package dev.lockstep.schemas.table;

import java.util.List;
import java.util.Optional;

/**
 * A table as its catalog describes it.
 *
 * @param columns in the catalog's order
 * @param primaryKey column names in key order; empty where there is none
 */
public record Table(TableId id, List<Column> columns, List<String> primaryKey) {

    public Optional<Column> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }
}
