package dev.lockstep.cutover.audit;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.InventoryRules;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.TableRules;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that was found on the source or declared, and what becomes of each. An item is accounted for when the target has one of its kind and name, or
 * the migration file says what becomes of it. What cannot be read is an item, too.
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
     * @throws SQLException if one of them cannot be asked
     */
    public static Inventory look(Migration migration, Collection<TableMapping> tables) throws SQLException {
        return of(
                read(migration, Side.SOURCE, tables),
                read(migration, Side.TARGET, tables),
                migration.tables(),
                Objects.requireNonNullElse(migration.inventory(), InventoryRules.NONE));
    }

    private static Catalog.Seen read(Migration migration, Side side, Collection<TableMapping> tables)
            throws SQLException {
        Set<String> schemas = new TreeSet<>();
        for (TableMapping table : tables) schemas.add(side.nameOf(table).schema());
        try (Connection connection = migration.on(side).connect()) {
            return Catalog.of(migration.on(side).dialect()).read(connection, schemas);
        }
    }

    /** What stands where. Pure. */
    static Inventory of(Catalog.Seen source, Catalog.Seen target, TableRules names, InventoryRules rules) {
        List<Entry> entries = new ArrayList<>();
        for (Item item : source.items())
            entries.add(
                    target.items().contains(item.onTarget(names))
                            ? new Entry(item.id(), Status.ON_TARGET, "the target has it")
                            : entry(item.id(), "the target has none", rules));
        for (Catalog.Unread unread : source.unread())
            entries.add(entry("unread " + unread.kind() + " on the source", unread.reason(), rules));
        for (Catalog.Unread unread : target.unread())
            entries.add(entry("unread " + unread.kind() + " on the target", unread.reason(), rules));
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
