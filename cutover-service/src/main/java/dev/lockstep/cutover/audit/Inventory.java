package dev.lockstep.cutover.audit;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.InventoryRules;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.TableRules;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that was found on the source or declared, and what becomes of each. An item is accounted for when the target has one of its kind and name, or
 * the migration file says what becomes of it. What cannot be read on the source is an item, too.
 */
public record Inventory(List<Entry> entries) {

    /** The most that the gate names. */
    private static final int NAMED = 5;

    public Inventory {
        entries = List.copyOf(entries);
    }

    /** Whether an item is accounted for. */
    public enum Status {
        /** The target has it. */
        ON_TARGET,
        /** The migration file says what becomes of it. */
        SETTLED,
        /** Nobody has said anything. */
        OPEN
    }

    /**
     * @param item as the migration file calls it
     * @param says what becomes of it, or why it is open
     */
    public record Entry(String item, Status status, String says) {}

    /**
     * Looks at both servers, and changes nothing.
     *
     * @param moving the migrated tables, by the source's names
     * @throws SQLException if one of the servers cannot be asked
     */
    public static Inventory look(Migration migration, Set<TableId> moving) throws SQLException {
        TableRules names = migration.tables();
        return of(
                read(migration.source(), moving.stream()),
                read(migration.target(), moving.stream().flatMap(id -> there(id, names)))
                        .items(),
                moving,
                names,
                Objects.requireNonNullElse(migration.inventory(), InventoryRules.NONE));
    }

    /** Where the table's rows go, and where things of its schema do. */
    private static Stream<TableId> there(TableId table, TableRules names) {
        return Stream.of(names.target(table), names.target(new TableId(table.schema(), "")));
    }

    private static Catalog.Seen read(Endpoint server, Stream<TableId> tables) throws SQLException {
        Set<String> schemas = tables.map(TableId::schema).collect(Collectors.toCollection(TreeSet::new));
        try (Connection connection = server.connect()) {
            return Catalog.of(server.dialect()).read(connection, schemas);
        }
    }

    /** What stands where. A table that does not move is open though the target has one of its name: its rows are not there. Pure. */
    static Inventory of(
            Catalog.Seen source, Set<Item> target, Set<TableId> moving, TableRules names, InventoryRules rules) {
        List<Entry> entries = new ArrayList<>();
        for (Item item : source.items())
            if (item.kind().equals(Item.TABLE)) {
                if (!moving.contains(item.table())) entries.add(entry(item.id(), "its rows do not move", rules));
            } else
                entries.add(
                        target.contains(item.onTarget(names))
                                ? new Entry(item.id(), Status.ON_TARGET, "the target has it")
                                : entry(item.id(), "the target shows none", rules));
        for (Catalog.Unread unread : source.unread())
            entries.add(entry("unread " + unread.kind(), unread.reason(), rules));
        for (String declared : rules.declared())
            entries.add(entry("declared " + declared, "nothing says what becomes of it", rules));
        return new Inventory(entries);
    }

    private static Entry entry(String item, String why, InventoryRules rules) {
        String becomes = rules.settled().get(item);
        return becomes == null ? new Entry(item, Status.OPEN, why) : new Entry(item, Status.SETTLED, becomes);
    }

    /** What nobody has accounted for. */
    public List<Entry> open() {
        return entries.stream().filter(entry -> entry.status() == Status.OPEN).toList();
    }

    /** One line for all that is open, or none. */
    public List<String> problems() {
        List<Entry> open = open();
        if (open.isEmpty()) return List.of();
        String named = open.stream().limit(NAMED).map(Entry::item).collect(Collectors.joining(", "));
        return List.of(open.size() + (open.size() == 1 ? " item is" : " items are") + " not accounted for: " + named
                + (open.size() > NAMED ? " and others" : "") + "; see `lockstep inventory`");
    }
}
