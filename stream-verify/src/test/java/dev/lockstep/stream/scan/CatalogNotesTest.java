package dev.lockstep.stream.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.scan.TableCatalog.ColumnFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CatalogNotesTest {

    private static final TableMapping TABLE = new TableMapping(
            new TableId("shop", "item"),
            new TableId("shop", "item"),
            List.of(
                    new ColumnMapping("id", Kind.NUMBER, "int", "id", "int"),
                    new ColumnMapping("cust", Kind.TEXT, "text", "customer", "text")),
            List.of(0),
            0);

    @Test
    void saysNothingOfCatalogsThatDifferInTheNamesThatTheMappingChangesAlone() {
        TableCatalog source = catalog(
                Map.of("id", facts(false, "C"), "cust", facts(true, "C")),
                "unique (id)",
                "(cust, id)",
                "(cust) to people");
        TableCatalog target = catalog(
                Map.of("id", facts(false, "C"), "customer", facts(true, "C")),
                "unique (id)",
                "(customer, id)",
                "(customer) to people");

        assertThat(CatalogNotes.compare(TABLE, source, target, true)).isEmpty();
    }

    @Test
    void namesWhatIsOnOneSideAloneAndComparesCollationsOfOneEngineAlone() {
        TableCatalog source = catalog(
                Map.of("id", facts(false, "C"), "cust", facts(true, "C")), "unique (id)", "(cust)", "(cust) to a");
        TableCatalog target = catalog(
                Map.of("id", facts(false, "C"), "customer", facts(false, "de")),
                "unique (id)",
                "(id)",
                "(customer) to b");

        List<String> notes = CatalogNotes.compare(TABLE, source, target, false);

        assertThat(notes)
                .containsExactly(
                        "column cust may be null on the source alone",
                        "index (customer) is on the source alone",
                        "index (id) is on the target alone",
                        "foreign key (customer) to a is on the source alone",
                        "foreign key (customer) to b is on the target alone");
        assertThat(CatalogNotes.compare(TABLE, source, target, true))
                .contains("column cust has collation C on the source, de on the target");
    }

    private static ColumnFacts facts(boolean nullable, String collation) {
        return new ColumnFacts(nullable, false, collation);
    }

    private static TableCatalog catalog(Map<String, ColumnFacts> columns, String one, String other, String key) {
        return new TableCatalog(columns, new TreeSet<>(List.of(one, other)), new TreeSet<>(List.of(key)));
    }
}
