package dev.lockstep.cutover.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cutover.audit.Inventory.Entry;
import dev.lockstep.cutover.audit.Inventory.Status;
import dev.lockstep.schemas.migration.InventoryRules;
import dev.lockstep.schemas.migration.TableRules;
import dev.lockstep.schemas.migration.TableRules.TableRule;
import dev.lockstep.schemas.table.TableId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InventoryTest {

    private static final TableRules RENAMED = new TableRules(
            List.of(),
            List.of(),
            null,
            Map.of("shop", "store"),
            Map.of("shop.orders", new TableRule("sales", List.of(), List.of(), Map.of())));

    private static final Set<TableId> MOVING = Set.of(new TableId("shop", "orders"));

    @Test
    void takesWhatTheTargetHasUnderItsOwnNamesForAccountedFor() {
        Inventory inventory = Inventory.of(
                seen(
                        Item.of("table", "shop", "orders"),
                        Item.of("table", "shop", "drafts"),
                        Item.of("trigger", "shop", "orders", "stamp"),
                        Item.of("view", "shop", "orders"),
                        Item.of("user", "shop_app"),
                        Item.of("user", "reporting")),
                Set.of(
                        Item.of("table", "store", "drafts"),
                        Item.of("trigger", "store", "sales", "stamp"),
                        Item.of("view", "store", "orders"),
                        Item.of("user", "shop_app"),
                        Item.of("view", "reporting")),
                MOVING,
                RENAMED,
                InventoryRules.NONE);

        assertThat(inventory.entries())
                .extracting(entry -> entry.item() + " " + entry.status())
                .containsExactly(
                        "table shop.drafts OPEN",
                        "trigger shop.orders.stamp ON_TARGET",
                        "view shop.orders ON_TARGET",
                        "user shop_app ON_TARGET",
                        "user reporting OPEN");
        assertThat(inventory.problems())
                .containsExactly(
                        "2 items are not accounted for: table shop.drafts, user reporting; see `lockstep inventory`");
    }

    @Test
    void isOpenForWhatIsDeclaredOrUnreadUntilTheFileSaysWhatBecomesOfIt() {
        Catalog.Seen hidden = new Catalog.Seen(Set.of(), List.of(new Catalog.Unread("event of shop", "grant event")));
        List<String> declared = List.of("export to the warehouse", "cron on batch-1");

        Inventory open = Inventory.of(hidden, Set.of(), MOVING, RENAMED, new InventoryRules(declared, Map.of()));
        Inventory settled = Inventory.of(
                hidden,
                Set.of(),
                MOVING,
                RENAMED,
                new InventoryRules(
                        declared,
                        Map.of(
                                "declared export to the warehouse", "reads db.example.com",
                                "declared cron on batch-1", "ends with the old server",
                                "unread event of shop", "there are none, says Ada")));

        assertThat(open.open())
                .extracting(Entry::item)
                .containsExactly(
                        "unread event of shop", "declared export to the warehouse", "declared cron on batch-1");
        assertThat(open.open().get(0).says()).isEqualTo("grant event");
        assertThat(settled.problems()).isEmpty();
        assertThat(settled.entries())
                .contains(new Entry("declared cron on batch-1", Status.SETTLED, "ends with the old server"));
    }

    @Test
    void namesSomeOfMany() {
        Item[] views = IntStream.range(0, 7)
                .mapToObj(i -> Item.of("view", "shop", "v" + i))
                .toArray(Item[]::new);

        assertThat(Inventory.of(seen(views), Set.of(), MOVING, RENAMED, InventoryRules.NONE)
                        .problems())
                .singleElement()
                .asString()
                .startsWith("7 items are not accounted for: view shop.v0, ")
                .contains("v4 and others")
                .doesNotContain("v5");
    }

    @Test
    void settlesNothingWithoutAWord() {
        assertThatThrownBy(() -> new InventoryRules(List.of(), Map.of("user reporting", " ")))
                .hasMessageContaining("say what becomes of 'user reporting'");
    }

    private static Catalog.Seen seen(Item... items) {
        return new Catalog.Seen(new LinkedHashSet<>(List.of(items)), List.of());
    }
}
