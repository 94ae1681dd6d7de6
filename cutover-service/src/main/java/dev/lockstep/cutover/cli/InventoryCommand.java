package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.audit.Inventory;
import dev.lockstep.cutover.audit.Inventory.Entry;
import dev.lockstep.cutover.audit.Inventory.Status;
import dev.lockstep.ingest.preflight.Preflight;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.Table;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "inventory",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what hangs on the source besides the rows that move (users, views, functions, triggers, events, other readers of its log),",
            "and what is declared in the migration file, with what becomes of each. Changes nothing. Exit code: 0 all is accounted for,",
            "1 something is open."
        })
final class InventoryCommand implements Callable<Integer> {

    @Mixin
    private final MigrationArgument migration = new MigrationArgument();

    @Option(names = "--json", description = "print every item as JSON")
    private boolean json;

    @Option(names = "--all", description = "show what the target has as well")
    private boolean all;

    @Override
    public Integer call() throws SQLException {
        Migration chosen = migration.load();
        Inventory inventory = Inventory.look(chosen, moving(chosen));
        if (json) System.out.println(Json.write(Map.of("migration", chosen.name(), "items", inventory.entries())));
        else print(chosen, inventory);
        return inventory.open().isEmpty() ? 0 : 1;
    }

    private static Set<TableId> moving(Migration chosen) throws SQLException {
        try (Connection source = chosen.source().connect()) {
            Set<TableId> moving =
                    Preflight.wanted(chosen, source).stream().map(Table::id).collect(Collectors.toSet());
            if (moving.isEmpty())
                throw new ConfigurationException(
                        "there is no table to migrate, so nothing hangs on one: look at source.url and tables.include");
            return moving;
        }
    }

    private void print(Migration chosen, Inventory inventory) {
        for (Entry entry : inventory.entries())
            if (all || entry.status() != Status.ON_TARGET)
                System.out.printf("%-9s %s: %s%n", word(entry.status()), entry.item(), entry.says());
        List<Entry> open = inventory.open();
        System.out.printf("%d items, %d open%n", inventory.entries().size(), open.size());
        if (!open.isEmpty())
            System.out.printf(
                    "Create it on the target, or say in the migration file what becomes of it:%n"
                            + "inventory:%n  settled:%n    \"%s\": ...%n",
                    open.get(0).item());
        if (chosen.inventory() == null)
            System.out.println("No gate asks for it: the migration file has no `inventory`");
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
