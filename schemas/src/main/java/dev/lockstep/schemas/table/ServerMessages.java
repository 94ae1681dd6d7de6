package dev.lockstep.schemas.table;

import java.sql.SQLException;
import java.util.regex.Pattern;

/** What the three servers say, without the rows' values that they quote: messages end in logs. */
public final class ServerMessages {

    /** Where servers quote a value. */
    private static final Pattern VALUE = Pattern.compile(
            "((?:entry|value):?) (?:'.*'(?= for (?:key|column) )|'.*'$)"
                    + "|((?:for type [^\"]*:|value)) \".*\"(?= is out of range|$)",
            Pattern.DOTALL);

    private ServerMessages() {}

    public static String of(SQLException error) {
        return VALUE.matcher(String.valueOf(error.getMessage()))
                .replaceAll(found -> (found.group(1) == null ? found.group(2) : found.group(1)) + " …");
    }
}
