package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.ingest.capture.CaptureConfig;
import dev.lockstep.ingest.preflight.TableRequirements.Place;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One side, as it has been gathered.
 *
 * @param tables all of it
 */
record Database(
        Side side,
        Endpoint endpoint,
        String identity,
        String version,
        Facts facts,
        List<Table> tables,
        Map<TableId, TableFacts> tableFacts) {

    private static final int SHOWN = 20;

    static Database look(Migration migration, Side side, Connection connection) throws SQLException {
        Endpoint endpoint = migration.on(side);
        Dialect dialect = endpoint.dialect();
        return new Database(
                side,
                endpoint,
                Identity.of(endpoint, connection),
                dialect.version(connection),
                facts(migration, side, endpoint, connection),
                dialect.readTables(connection),
                TableCatalog.read(connection, dialect));
    }

    private static Facts facts(Migration migration, Side side, Endpoint endpoint, Connection connection)
            throws SQLException {
        String engine = endpoint.dialect().engine();
        String user = endpoint.dialect().quote(endpoint.user());
        Map<String, String> queries = engine.equals("postgresql")
                ? PostgresServer.queries(
                        slots(migration, side), connection.getMetaData().getDatabaseMajorVersion())
                : BinlogServer.queries(engine.equals("mariadb"));
        Facts facts = Facts.gather(side.label(), user, connection, queries);
        return engine.equals("mysql") ? BinlogServer.withOtherImages(facts, connection) : facts;
    }

    private static List<String> slots(Migration migration, Side side) {
        Topics topics = new Topics(migration.name());
        return IntStream.range(0, migration.lanes().count())
                .mapToObj(lane -> CaptureConfig.slot(topics, side, lane))
                .toList();
    }

    String engine() {
        return endpoint.dialect().engine();
    }

    boolean isPostgres() {
        return engine().equals("postgresql");
    }

    /** What must hold of the server and of the user, whichever tables move. */
    List<Finding> judgeServer() {
        List<Requirement> requirements = new ArrayList<>(
                isPostgres() ? PostgresServer.CAPTURED : BinlogServer.captured(engine().equals("mariadb")));
        if (side == Side.SOURCE)
            requirements.add(isPostgres() ? PostgresServer.NO_LONG_TRANSACTION : BinlogServer.NO_LONG_TRANSACTION);
        return requirements.stream()
                .map(requirement -> requirement.judge(facts))
                .toList();
    }

    /**
     * @param written whether its tables are
     * @param probed whether the fence is tried as the application's user
     */
    List<Finding> judgeGrants(List<TableMapping> pairs, boolean written, boolean probed) {
        if (isPostgres()) return List.of(); // tables say themselves what is lacking
        List<TableId> ids = pairs.stream().map(side::nameOf).toList();
        return BinlogGrants.judge(facts, engine().equals("mariadb"), written, probed, ids);
    }

    Place place() {
        boolean logsCascades =
                isPostgres() || facts.text(BinlogServer.NATIVE_FOREIGN_KEYS).equals("OFF");
        List<Cascade> cascades =
                tableFacts.values().stream().flatMap(f -> f.cascades().stream()).toList();
        return new Place(side.label(), endpoint.dialect(), logsCascades, cascades);
    }

    TableFacts factsOf(TableId table) {
        return tableFacts.getOrDefault(table, TableFacts.plain(table));
    }

    /** What stays behind: no capture sees it, and no proof covers it. */
    List<Finding> judgeUncompared(List<TableMapping> pairs) {
        List<String> left = tables.stream()
                .map(Table::id)
                .filter(id -> pairs.stream().noneMatch(pair -> pair.source().equals(id)))
                .filter(id -> isPostgres() || id.schema().equals(endpoint.database()))
                .map(id -> "table " + id)
                .toList();
        List<String> all = Stream.of(
                        left,
                        facts.list("not compared"),
                        facts.list("events").stream().map(e -> "event " + e).toList())
                .flatMap(List::stream)
                .toList();
        if (all.isEmpty()) return List.of();
        String names = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())))
                + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
        return List.of(warn(
                side.label(),
                "not captured and not compared: " + names,
                "bring over what is needed by other means: views, events and the rest with your schema"));
    }

    /** By name, for those who only need to look one up. */
    Map<TableId, Table> byId() {
        Map<TableId, Table> byId = new HashMap<>();
        tables.forEach(table -> byId.put(table.id(), table));
        return byId;
    }
}
