package dev.lockstep.ingest.preflight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code show grants} says, on MySQL and on MariaDB, whose names for the same differ. */
final class Grants {

    private static final Pattern LINE = Pattern.compile(
            "GRANT (.+?) ON (?:TABLE )?(\\S+\\.\\S+|`[^`]*`\\.(?:\\*|`[^`]*`)) TO .*", Pattern.CASE_INSENSITIVE);

    private static final Pattern MAY_GRANT = Pattern.compile(" WITH .*\\bGRANT OPTION\\b", Pattern.CASE_INSENSITIVE);

    /**
     * @param mayGrant whether its user may give the privileges to others
     */
    private record Grant(List<String> privileges, boolean mayGrant, String schema, String table) {}

    private final List<Grant> grants = new ArrayList<>();

    Grants(List<String> lines) {
        for (String line : lines) {
            Matcher match = LINE.matcher(line);
            if (!match.matches()) continue; // a role; what it gives stands in lines of its own while it is active
            String[] scope = match.group(2).replace("`", "").split("\\.", 2);
            List<String> privileges = Arrays.stream(match.group(1)
                            .toUpperCase(Locale.ROOT)
                            .replaceAll("\\([^)]*\\)", "")
                            .split(","))
                    .map(privilege -> privilege.strip().replace('_', ' '))
                    .toList();
            grants.add(new Grant(privileges, MAY_GRANT.matcher(line).find(), scope[0], scope[1]));
        }
    }

    /** Whether one of the names is granted on the whole server. */
    boolean everywhere(Set<String> names) {
        return grants.stream().anyMatch(grant -> grant.schema().equals("*") && gives(grant, names));
    }

    boolean on(String schema, String table, Set<String> names) {
        return grants.stream()
                .anyMatch(grant -> means(grant.schema(), schema)
                        && (grant.table().equals("*") || grant.table().equals(table))
                        && gives(grant, names));
    }

    /** Whether it may give to others what it is granted on the whole schema. */
    boolean mayGrant(String schema) {
        return grants.stream()
                .anyMatch(grant -> grant.mayGrant()
                        && means(grant.schema(), schema)
                        && grant.table().equals("*"));
    }

    private static boolean gives(Grant grant, Set<String> names) {
        return grant.privileges().stream()
                .anyMatch(privilege ->
                        privilege.equals("ALL PRIVILEGES") || privilege.equals("ALL") || names.contains(privilege));
    }

    /** A database's name is a pattern of LIKE: {@code _} and {@code %}, unless after a backslash. */
    private static boolean means(String pattern, String schema) {
        if (pattern.equals("*")) return true;
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) expression.append(Pattern.quote("" + pattern.charAt(++i)));
            else expression.append(c == '_' ? "." : c == '%' ? ".*" : Pattern.quote("" + c));
        }
        return schema.matches(expression.toString());
    }
}
