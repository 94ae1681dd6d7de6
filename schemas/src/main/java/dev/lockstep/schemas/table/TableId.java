package dev.lockstep.schemas.table;

/** A table's name in its server: PostgreSQL's schema, or MySQL's and MariaDB's database, and the table. */
public record TableId(String schema, String name) implements Comparable<TableId> {

    /** {@code schema.table}, as messages and reports spell it. */
    @Override
    public String toString() {
        return schema + "." + name;
    }

    @Override
    public int compareTo(TableId other) {
        return toString().compareTo(other.toString());
    }
}
