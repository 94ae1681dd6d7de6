package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import dev.lockstep.ingest.capture.Agreed;
import dev.lockstep.ingest.capture.Stop;
import dev.lockstep.ingest.guard.AgreedColumns;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.ingest.watch.SeenTable;
import dev.lockstep.ingest.watch.SeenTables;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables as both sides agreed on them when the migration began or was last resumed. It outlives the process: a start compares the
 * catalogs with it, not with themselves, so a change that came while nothing ran is noticed, too.
 *
 * @param mappings each table's message, base64
 * @param seen both catalogs as they were
 * @param lanes how many carry them
 * @param passed by side and lane: changes of the tables up to this place in the log were resumed from
 * @param former {@code schema.table.column} of columns that were there for a while, and rows of that while are yet to come
 * @param rounds how many times tables were copied anew
 * @param retired ids of tables as they were before that
 */
record TableAgreement(
        List<String> mappings,
        SeenTables seen,
        int lanes,
        Map<String, String> passed,
        List<String> former,
        int rounds,
        Set<String> retired) {

    private static final Pattern ADDED = Pattern.compile("(\\S+): columns? (.+) (?:was|were) added");

    /** Of both sides as they are now. */
    static TableAgreement of(Migration migration, List<TableMapping> tables) throws SQLException {
        return new TableAgreement(
                encoded(tables),
                SeenTables.read(migration, tables),
                migration.lanes().count(),
                Map.of(),
                List.of(),
                0,
                Set.of());
    }

    /**
     * The same as what comes after another one: tables keep their ids, but for those that are copied anew.
     *
     * @param anew by the source's names
     */
    TableAgreement after(TableAgreement before, Set<TableId> anew) {
        Map<TableId, Integer> rounds = new HashMap<>();
        for (TableMapping table : before.tables()) rounds.put(table.source(), table.round());
        int next = before.rounds + (anew.isEmpty() ? 0 : 1);
        List<TableMapping> tables = tables().stream()
                .map(table ->
                        table.inRound(anew.contains(table.source()) ? next : rounds.getOrDefault(table.source(), next)))
                .toList();
        Set<String> gone = new TreeSet<>(before.retired);
        before.tables().forEach(table -> gone.add(table.id()));
        tables.forEach(table -> gone.remove(table.id()));
        return new TableAgreement(encoded(tables), seen, lanes, passed, former, next, gone);
    }

    /**
     * The same, gone beyond where the log's own change of a table stopped a capture. Another lane may not have come so far: what the log
     * has for it up to there it must still look at.
     */
    TableAgreement passing(TableAgreement before, String change, Optional<KeptCapture> stopped) {
        Map<String, String> places = new TreeMap<>(before.passed);
        stopped.ifPresent(capture -> capture.stop()
                .flatMap(Stop::position)
                .ifPresent(place -> places.put(lane(capture.side, capture.lane), place.toString())));
        return new TableAgreement(
                mappings,
                seen,
                lanes,
                places,
                Stream.concat(before.former.stream(), added(change)).distinct().toList(),
                rounds,
                retired);
    }

    private static String lane(Side side, int lane) {
        return side.label() + "/" + lane;
    }

    /** The columns that a pause says were added; if both sides match without them, they are gone again. */
    private static Stream<String> added(String change) {
        Matcher matcher = ADDED.matcher(change);
        return matcher.find()
                ? Stream.of(matcher.group(2).split(", ")).map(column -> matcher.group(1) + "." + column)
                : Stream.empty();
    }

    private static List<String> former(List<String> columns, String table, List<String> known) {
        return columns.stream()
                .filter(column -> column.startsWith(table + "."))
                .map(column -> column.substring(table.length() + 1))
                .filter(column -> !known.contains(column))
                .toList();
    }

    private static List<String> encoded(List<TableMapping> tables) {
        return tables.stream()
                .map(table -> Base64.getEncoder().encodeToString(Messages.encode(table)))
                .toList();
    }

    List<TableMapping> tables() {
        return mappings.stream()
                .map(table -> Messages.decodeTable(Base64.getDecoder().decode(table)))
                .toList();
    }

    /** The ids of the tables that the scan alone proves. */
    List<String> byScan() {
        return tables().stream()
                .filter(table -> !table.isLogged())
                .map(TableMapping::id)
                .sorted()
                .toList();
    }

    /**
     * What is on its way in one lane cannot change over to another.
     *
     * @throws ConfigurationException if the migration file has other lanes by now
     */
    void refuseOtherLanes(Migration migration) {
        Optional<TableMapping> moved = tables().stream()
                .filter(table -> table.lane() != migration.lanes().of(table.source()))
                .findFirst();
        if (lanes == migration.lanes().count() && moved.isEmpty()) return;
        throw new ConfigurationException(
                migration.origin().at("lanes") + ": the migration has begun with " + lanes
                        + (lanes == 1 ? " lane" : " lanes")
                        + moved.map(table -> " and " + table.source() + " in lane " + table.lane())
                                .orElse("")
                        + ", which cannot change under way; put that back, or start anew: docs/operating.md, \"Starting anew\"");
    }

    /** The tables as a look at the two databases shows them, which knows of no rounds. */
    List<TableMapping> asCopiedFirst() {
        return tables().stream().map(table -> table.inRound(0)).toList();
    }

    /** What is not as it was agreed on, in words. */
    Optional<String> changed(Migration migration, PreflightReport now) throws SQLException {
        Optional<String> change = seen.changeTo(SeenTables.read(migration, tables()));
        if (change.isPresent() || !now.passed()) return change;
        return mappedOtherwise(now.tables());
    }

    /** The tables, by the source's names, that are not the same in these as they were agreed on, or in one of both alone. */
    Optional<String> mappedOtherwise(List<TableMapping> now) {
        List<TableMapping> agreed = asCopiedFirst();
        if (agreed.equals(now)) return Optional.empty();
        String otherwise = Stream.concat(
                        now.stream().filter(table -> !agreed.contains(table)),
                        agreed.stream().filter(table -> !now.contains(table)))
                .map(table -> table.source().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return Optional.of("the migration file, or a foreign key that cascades, now says otherwise of " + otherwise);
    }

    /** What a lane's capture of one side holds its tables to. */
    Agreed agreed(Side side, int lane) {
        Map<String, SeenTable> bySide = new HashMap<>();
        (side == Side.SOURCE ? seen.source() : seen.target()).forEach(table -> bySide.put(table.name(), table));
        Map<String, AgreedColumns> columns = new HashMap<>();
        for (TableMapping table : TableMapping.ofLane(lane, tables())) {
            String name = side.nameOf(table).toString();
            List<String> carried = Agreed.carried(table, side);
            SeenTable found = bySide.get(name);
            List<String> known = found == null ? carried : found.columnNames();
            columns.put(name, new AgreedColumns(known, carried, former(former, name, known)));
        }
        String place = passed.getOrDefault(lane(side, lane), Position.SNAPSHOT.toString());
        return new Agreed(columns, Position.parse(place));
    }

    /** The round of the tables that were copied last. */
    int newestRound() {
        return TableMapping.newestRound(tables());
    }

    static Optional<TableAgreement> load(Path state) {
        return StateFile.read(file(state), TableAgreement.class);
    }

    void save(Path state) {
        StateFile.write(file(state), this);
    }

    private static Path file(Path state) {
        return state.resolve("tables.json");
    }
}
