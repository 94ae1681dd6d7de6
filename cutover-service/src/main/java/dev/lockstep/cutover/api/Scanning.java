package dev.lockstep.cutover.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading both databases themselves, and mending the rows that differ. */
public interface Scanning {

    /**
     * A row that differs, whoever found it.
     *
     * @param key as reports show it
     * @param by {@code proof}, {@code scan} or both
     * @param columns that differ, where a scan has looked
     */
    record DifferingRow(String table, String key, String kind, String by, List<String> columns, Instant firstSeen) {}

    /** What both sides hold in one column; null: NULL, or no such row. */
    record Values(
            String column,
            @Nullable String source,
            @Nullable String target) {}

    /** A row's values in the columns that differ, or in all where one side lacks it. */
    record RowValues(String table, String key, List<Values> columns) {}

    /**
     * Which rows: all that match what is not null.
     *
     * @param by who asks
     */
    record Choice(@Nullable String table, @Nullable String key, String by) {

        public boolean matches(DifferingRow row) {
            return (table == null || table.equals(row.table())) && (key == null || key.equals(row.key()));
        }
    }

    /**
     * Asks for a new pass.
     *
     * @param tables none: all
     * @param since leaves out those whose last pass began after that; null: none
     * @return the tables that will be scanned
     * @throws RuntimeException if it cannot be asked for; its message says why
     */
    List<String> ask(List<String> tables, @Nullable Instant since);

    /** The rows that differ, the first {@code 1000} of those that the proof found. */
    List<DifferingRow> rows();

    /** What both sides hold now of the first {@code 100} rows of the choice. */
    List<RowValues> values(Choice choice) throws Exception;

    /**
     * Writes the source's rows over the target's, in order with the changes that flow.
     *
     * @return how many
     * @throws RuntimeException if it cannot be done now; its message says why
     */
    int repair(Choice choice) throws Exception;
}
