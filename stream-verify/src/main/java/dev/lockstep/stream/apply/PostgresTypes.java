package dev.lockstep.stream.apply;

/** Types as PostgreSQL's {@code format_type} spells them. */
final class PostgresTypes {

    private PostgresTypes() {}

    /**
     * The type without its bounds. A cast to {@code varchar(20)} cuts longer text in silence; the assignment to the column,
     * which comes after, refuses it.
     */
    static String unbounded(String type) {
        if (type.endsWith("[]")) return unbounded(type.substring(0, type.length() - 2)) + "[]";
        if (type.startsWith("character varying")) return "text";
        if (type.startsWith("bit(")) return "bit varying"; // bare "bit" means one
        if (type.equals("character") || type.startsWith("character(")) return "bpchar"; // bare "character" means one
        return withoutBounds(type);
    }

    /** Drops {@code (…)} outside of quotes: a type's own name may hold anything. */
    private static String withoutBounds(String type) {
        StringBuilder out = new StringBuilder(type.length());
        boolean quoted = false;
        int depth = 0;
        for (char c : type.toCharArray()) {
            if (c == '"') quoted = !quoted;
            if (!quoted && c == '(') depth++;
            if (depth == 0) out.append(c);
            if (!quoted && c == ')') depth--;
        }
        return out.toString();
    }
}
