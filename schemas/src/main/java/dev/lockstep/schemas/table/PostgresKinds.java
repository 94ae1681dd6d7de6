package dev.lockstep.schemas.table;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As what PostgreSQL's types are carried. A type that is not here is refused by name. */
final class PostgresKinds {

    /** Types that only PostgreSQL has, whose text does not hang on the session that asks for it. */
    private static final Set<String> SPELLED = Set.of(
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "xml",
            "hstore",
            "ltree",
            "int4range",
            "int8range",
            "numrange",
            "daterange",
            "tsrange",
            "int4multirange",
            "int8multirange",
            "nummultirange",
            "datemultirange",
            "tsmultirange",
            "tsvector",
            "tsquery",
            "pg_lsn",
            "jsonpath");

    /** Those whose text {@link PostgresSpelling} makes the same for every session; not within other types. */
    private static final Set<String> ADJUSTED = Set.of(
            "interval",
            "tstzrange",
            "tstzmultirange",
            "_timestamptz",
            "point",
            "line",
            "lseg",
            "box",
            "path",
            "polygon",
            "circle");

    /** What arrays and composites may be of: its text is the same in every session. */
    private static final Set<String> PLAIN = Set.of(
            "int2",
            "int4",
            "int8",
            "numeric",
            "bool",
            "float4",
            "float8",
            "text",
            "varchar",
            "bpchar",
            "citext",
            "name",
            "uuid",
            "date",
            "time",
            "timestamp",
            "json",
            "jsonb",
            "bytea",
            "bit",
            "varbit");

    private PostgresKinds() {}

    /**
     * @param type the type's name in the catalog, a domain's that of what it is based on
     * @param category {@code e} for an enum, {@code c} for a composite, else any other
     * @param element an array's element type, and its category
     * @param fields a composite's types
     */
    record Described(
            String type,
            String declared,
            String category,
            boolean domain,
            @Nullable String element,
            @Nullable String elementCategory,
            String @Nullable [] fields) {}

    static @Nullable Kind of(Described column) {
        if (column.category().equals("e")) return Kind.TEXT;
        if (column.category().equals("c")) return isPlain(column.fields()) ? Kind.SPELLED : null;
        if (SPELLED.contains(column.type())) return Kind.SPELLED;
        if (ADJUSTED.contains(column.type())) return column.domain() ? null : Kind.SPELLED;
        if (column.element() != null) return isPlainArray(column) ? Kind.SPELLED : null;
        return scalar(column);
    }

    private static @Nullable Kind scalar(Described column) {
        return switch (column.type()) {
            case "int2", "int4", "int8", "oid", "numeric", "bool" -> Kind.NUMBER;
            case "money" -> column.domain() ? null : Kind.NUMBER;
            case "bit" -> column.declared().equals("bit(1)") ? Kind.NUMBER : Kind.BITS;
            case "varbit" -> Kind.BITS;
            case "float4" -> Kind.FLOAT;
            case "float8" -> Kind.DOUBLE;
            case "text", "varchar", "citext", "name", "char" -> Kind.TEXT;
            case "uuid" -> Kind.UUID;
            case "bpchar" -> Kind.PADDED_TEXT;
            case "bytea" -> Kind.BINARY;
            case "date" -> Kind.DATE;
            case "time" -> Kind.TIME;
            case "timestamp" -> Kind.LOCAL_TIMESTAMP;
            case "timestamptz" -> Kind.INSTANT;
            case "json", "jsonb" -> Kind.JSON;
            default -> null;
        };
    }

    private static boolean isPlainArray(Described column) {
        String element = java.util.Objects.requireNonNull(column.element());
        return PLAIN.contains(element) || SPELLED.contains(element) || "e".equals(column.elementCategory());
    }

    private static boolean isPlain(String @Nullable [] fields) {
        if (fields == null) return false;
        for (String field : fields) if (!PLAIN.contains(field) && !SPELLED.contains(field)) return false;
        return true;
    }
}
