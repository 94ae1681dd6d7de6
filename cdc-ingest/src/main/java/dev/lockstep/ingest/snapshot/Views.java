package dev.lockstep.ingest.snapshot;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** Opens consistent views, each engine's way. */
interface Views {

    /**
     * The copy's first view. The log is kept from its position on.
     *
     * @param waitsFor is told what it waits for, in words for an operator
     */
    ConsistentView first(Consumer<String> waitsFor) throws SQLException, InterruptedException;

    /**
     * The first view of tables that are copied anew beside a stream that stands still. Its position parts the changes of these tables:
     * those before it are in the view; those behind it follow, and some of them may be in the view, too.
     */
    ConsistentView anew(Consumer<String> waitsFor) throws SQLException, InterruptedException;

    /** A later view, for a copy that was cut off. The stream still starts at the first one's position, which is checked to be there. */
    ConsistentView again(Consumer<String> waitsFor) throws SQLException, InterruptedException;

    /** The copied tables, cut as the view's readers see them. */
    List<Part> parts(ConsistentView view) throws SQLException;

    static Views of(CopyConfig config) {
        return config.database().dialect().engine().equals("postgresql")
                ? new PostgresViews(config)
                : new BinlogViews(config);
    }
}
