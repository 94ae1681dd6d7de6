package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * One database's capture.
 *
 * @param connect REST URL of the Connect worker or cluster that runs it
 * @param bootstrap the Kafka that the worker writes to
 * @param tables what is captured in this lane; barriers come on top by themselves
 * @param lane the lane that it fills
 * @param copy how hard the initial copy may draw on the database
 * @param agreed what the tables must still look like
 */
public record CaptureConfig(
        URI connect,
        String bootstrap,
        Topics topics,
        Side side,
        Endpoint database,
        List<TableMapping> tables,
        int lane,
        CopyRules copy,
        Agreed agreed) {

    /** Without a look at whether the tables change. */
    public CaptureConfig(
            URI connect,
            String bootstrap,
            Topics topics,
            Side side,
            Endpoint database,
            List<TableMapping> tables,
            int lane,
            CopyRules copy) {
        this(connect, bootstrap, topics, side, database, tables, lane, copy, Agreed.NOTHING);
    }

    /** The newest round of copying that a table is of: the one to be done before the log is followed. */
    int round() {
        return TableMapping.newestRound(tables);
    }

    /** The same, with the places from which on changes of tables count that were copied anew. */
    CaptureConfig since(Map<String, Position> places) {
        return new CaptureConfig(connect, bootstrap, topics, side, database, tables, lane, copy, agreed.since(places));
    }

    /** As this side names the table. */
    TableId idOf(TableMapping table) {
        return side.nameOf(table);
    }

    /** Names the connector, its slot and its offsets. */
    public String name() {
        return name(topics, side, lane);
    }

    /** PostgreSQL's slot and publication: lower-case letters, digits and underscores (PostgreSQL manual, 26.2.6). */
    public static String slot(Topics topics, Side side, int lane) {
        return name(topics, side, lane).replaceAll("[^a-z0-9]", "_");
    }

    static String name(Topics topics, Side side, int lane) {
        return "lockstep." + topics.migration() + "." + side.label() + "." + lane;
    }
}
