package dev.lockstep.schemas.migration;

import java.util.List;
import java.util.Map;

/**
 * What hangs on the source besides the rows that move, and what becomes of it.
 *
 * @param declared what no server can be asked about: a cron job elsewhere, a partner's export
 * @param settled an item, as {@code lockstep inventory} spells it, to what becomes of it
 */
public record InventoryRules(List<String> declared, Map<String, String> settled) {

    /** Nothing is declared, nothing settled. */
    public static final InventoryRules NONE = new InventoryRules(List.of(), Map.of());

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null
    public InventoryRules {
        declared = declared == null ? List.of() : List.copyOf(declared);
        settled = settled == null ? Map.of() : settled;
        settled.forEach((item, becomes) -> {
            if (becomes == null || becomes.isBlank())
                throw new IllegalArgumentException("inventory.settled: say what becomes of '" + item + "'");
        });
    }
}
