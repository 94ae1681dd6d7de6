package dev.lockstep.schemas.message;

import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.KeyCondition;
import dev.lockstep.schemas.table.RowReader;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.List;
import java.util.Locale;

/** Which of the two databases. */
public enum Side {
    SOURCE,
    TARGET;

    /** As topics, connectors and reports spell it: {@code source}, {@code target}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the table is called there. */
    public TableId nameOf(TableMapping table) {
        return this == SOURCE ? table.source() : table.target();
    }

    /** What the column is called there. */
    public String nameOf(ColumnMapping column) {
        return this == SOURCE ? column.name() : column.targetName();
    }

    /** The column's type there, as the catalog spells it. */
    public String typeOf(ColumnMapping column) {
        return this == SOURCE ? column.sourceType() : column.targetType();
    }

    /** Reads the table's rows there; the dialect is that database's. */
    public RowReader readerOf(Dialect dialect, TableMapping table) {
        return this == SOURCE ? RowReader.ofSource(dialect, table) : RowReader.ofTarget(dialect, table);
    }

    /** Conditions there on a key of these columns; likewise. */
    public KeyCondition conditionOn(Dialect dialect, List<ColumnMapping> key) {
        return this == SOURCE ? KeyCondition.ofSource(dialect, key) : KeyCondition.ofTarget(dialect, key);
    }
}
