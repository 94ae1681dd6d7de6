package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.ingest.watch.SeenTable;
import dev.lockstep.ingest.watch.SeenTable.SeenColumn;
import dev.lockstep.ingest.watch.SeenTables;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableAgreementTest {

    private static final TableMapping ITEM = new TableMapping(
            new TableId("shop", "item"),
            new TableId("store", "thing"),
            List.of(
                    new ColumnMapping("id", Kind.NUMBER, "integer", "id", "integer"),
                    new ColumnMapping("name", Kind.TEXT, "text", "title", "text")),
            List.of(0),
            0);

    @TempDir
    Path directory;

    @Test
    void namesAColumnThatWasDroppedAndAddedAgain() {
        assertThat(LostValues.between(seen("7:1id,2name"), seen("7:1id,4name"), ""))
                .containsExactly(ITEM.source());
    }

    @Test
    void namesATableThatWasMadeAnew() {
        assertThat(LostValues.between(seen("7:1id,2name"), seen("9:1id,2name"), ""))
                .containsExactly(ITEM.source());
    }

    @Test
    void letsColumnsByThatWereRenamedThereAndBackOrAreNotCarried() {
        String change = "source table shop.item: column name was renamed to other, or dropped and another one added";
        assertThat(LostValues.between(seen("7:1id,2name,3x"), seen("7:1id,2name,5x"), change))
                .isEmpty();
    }

    @Test
    void goesByThePausesWordsWhereTheCatalogTellsNothing() {
        assertThat(words("source table shop.item: columns note, name were dropped or renamed"))
                .containsExactly(ITEM.source());
        assertThat(words("target table store.thing: column title was renamed to x, or dropped and another one added"))
                .containsExactly(ITEM.source());
        assertThat(words("source table shop.item: column extra was added")).isEmpty();
        assertThat(words("source table shop.other: column name was dropped or renamed"))
                .isEmpty();
    }

    @Test
    void namesAColumnWhoseTypeWasChangedThereAndBack() {
        String change = "target table store.thing: the type of column title was changed from text to varchar(3)";
        assertThat(LostValues.between(seen("7:1id,2name"), seen("7:1id,2name"), change))
                .containsExactly(ITEM.source());
    }

    @Test
    void holdsTheMigrationToTheLanesThatItHasBegunWith() throws Exception {
        String file = """
                migration: lanes
                source: {url: "jdbc:mariadb://a/shop", user: root}
                target: {url: "jdbc:mariadb://b/shop", user: root}
                """;
        Path path = directory.resolve("m.yaml");

        seen("").refuseOtherLanes(MigrationFile.load(Files.writeString(path, file)));

        Migration moved = MigrationFile.load(Files.writeString(path, file + "lanes: [[shop.item]]\n"));
        assertThatThrownBy(() -> seen("").refuseOtherLanes(moved))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "m.yaml:4: lanes", "begun with 1 lane and shop.item in lane 0", "Starting anew");
        Migration more = MigrationFile.load(Files.writeString(path, file + "lanes: [[shop.other]]\n"));
        assertThatThrownBy(() -> seen("").refuseOtherLanes(more)).hasMessageContaining("begun with 1 lane, which");
    }

    @Test
    void namesTablesThatTheFileLeavesOutOrMapsOtherwise() {
        TableMapping other =
                new TableMapping(ITEM.source(), new TableId("store", "other"), ITEM.columns(), ITEM.key(), ITEM.lane());

        assertThat(seen("").mappedOtherwise(List.of(ITEM))).isEmpty();
        assertThat(seen("").mappedOtherwise(List.of()).orElseThrow()).endsWith("now says otherwise of shop.item");
        assertThat(seen("").mappedOtherwise(List.of(other)).orElseThrow()).endsWith("now says otherwise of shop.item");
    }

    private static java.util.Set<TableId> words(String change) {
        return LostValues.between(seen(""), seen(""), change);
    }

    private static TableAgreement seen(String sourceIdentity) {
        SeenTable source = new SeenTable(
                "shop.item",
                sourceIdentity,
                List.of(new SeenColumn("id", "integer"), new SeenColumn("name", "text")),
                List.of("id"));
        SeenTable target = new SeenTable("store.thing", "", List.of(), List.of("id"));
        return new TableAgreement(
                List.of(Base64.getEncoder().encodeToString(Messages.encode(ITEM))),
                new SeenTables(List.of(source), List.of(target)),
                1,
                Map.of(),
                List.of(),
                0,
                java.util.Set.of());
    }
}
