package dev.lockstep.ingest.guard;

import java.util.Locale;
import java.util.regex.Pattern;

/** Reads a binlog's statement as far as it takes to see that a table is another one behind it. Pure. */
final class TableStatement {

    private static final Pattern COMMENT =
            Pattern.compile("/\\*(?!M?!).*?\\*/|--(?=\\s|$)[^\\n]*|#[^\\n]*", Pattern.DOTALL);

    /** {@code /*!50000 … *}{@code /}: what the server does run. */
    private static final Pattern EXECUTED = Pattern.compile("/\\*M?!\\d*(.*?)\\*/", Pattern.DOTALL);

    private static final Pattern SETTING = Pattern.compile("^set\\s+statement\\s.*?\\sfor\\s+", Pattern.DOTALL);
    private static final Pattern ANOTHER = Pattern.compile("^(drop|rename|create|truncate)\\s.*", Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile(
            "^(drop|create)\\s+(or\\s+replace\\s+)?(unique\\s+|fulltext\\s+|spatial\\s+)?index\\s.*", Pattern.DOTALL);
    private static final Pattern RENAMED = Pattern.compile(
            "^alter\\s+(online\\s+)?(ignore\\s+)?table\\s.*\\brename\\s+(to\\s+|as\\s+|=\\s*)?[`\\w.]+\\s*$",
            Pattern.DOTALL);

    private TableStatement() {}

    /** Whether it drops, renames, empties or makes a table: also one that it replaces by one with the same columns. */
    static boolean makesAnother(String text) {
        String verb = verb(text);
        boolean another =
                ANOTHER.matcher(verb).matches() && !INDEX.matcher(verb).matches();
        return another || RENAMED.matcher(verb).matches();
    }

    private static String verb(String text) {
        String bare = EXECUTED.matcher(text).replaceAll(" $1 ");
        bare = COMMENT.matcher(bare).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        return SETTING.matcher(bare).replaceFirst("");
    }
}
