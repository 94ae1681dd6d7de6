package dev.lockstep.stream.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.CascadingKey;
import dev.lockstep.schemas.table.CascadingKey.Action;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CascadesTest {

    private static final Dialect POSTGRES = Dialect.of("jdbc:postgresql://a/b");
    private static final Dialect MARIADB = Dialect.of("jdbc:mariadb://a/b");

    private static final TableMapping FOLDER = table("folder", "id", "code");
    private static final TableMapping FILE = table("file", "id", "folder", "code")
            .withCascades(List.of(
                    key("in_folder", "folder", FOLDER, "id", Action.CASCADE, Action.CASCADE),
                    key("by_code", "code", FOLDER, "code", Action.SET_NULL, Action.NOTHING)));
    private static final TableMapping NOTE = table("note", "id", "file")
            .withCascades(List.of(key("of_file", "file", FILE, "id", Action.CASCADE, Action.NOTHING)));
    private static final Cascades CASCADES = Cascades.of(List.of(FOLDER, FILE, NOTE));

    @Test
    void seesCascadesOfDeletesAndOfUpdatesThatChangeWhatIsReferredTo() {
        assertThat(CASCADES.of(delete(FOLDER, row(1, 10)), null)).isPresent();
        assertThat(CASCADES.of(update(FOLDER, row(1, 10), row(1, 11)), null))
                .as("of code nothing happens on update")
                .isEmpty();
        assertThat(CASCADES.of(update(FOLDER, row(1, 10), row(2, 10)), null)).isPresent();
        assertThat(CASCADES.of(update(FILE, row(1, 1, 1), row(1, 2, 1)), null)).isEmpty();
        assertThat(CASCADES.of(delete(NOTE, row(1, 1)), null)).isEmpty();
        assertThat(CASCADES.of(event(FOLDER, Operation.INSERT, null, row(1, 1)), null))
                .isEmpty();
        assertThat(CASCADES.reachedFrom("shop.folder")).containsExactlyInAnyOrder("shop.file", "shop.note");
    }

    @Test
    void takesTheKeyForARowThatIsTooLargeToComeWholeAndRefusesWhereThatDoesNotDo() {
        RowKey key = new RowKey("shop.file", List.of(new Value.Whole(7)));
        assertThat(CASCADES.of(event(FILE, Operation.DELETE, null, null), key))
                .hasValueSatisfying(change -> assertThat(change.before().get(0)).isEqualTo(new Value.Whole(7)));
        assertThat(CASCADES.of(event(FILE, Operation.UPDATE, null, row(7, 1, 1)), null))
                .isEmpty();
        assertThatThrownBy(() -> CASCADES.of(event(FOLDER, Operation.UPDATE, null, row(7, 1)), null))
                .hasMessageContaining("shop.folder")
                .hasMessageContaining("by_code");
    }

    @Test
    void saysWhichKeyIsRefusedAndNoValues() {
        Effect effect = CASCADES.effects(List.of(gone(FOLDER, row(1, 10)))).get(0);
        SQLException refused = new SQLException("Duplicate entry 'secret' for key 'file.code'", "23000", 1062);

        CascadeException said = new CascadeException(effect, refused);

        assertThat(said.getMessage())
                .contains("shop.file", "by_code", "Duplicate entry … for key 'file.code'")
                .doesNotContain("secret");
        assertThat(said.getErrorCode()).isEqualTo(1062);
    }

    @Test
    void takesDeletesTogetherByKeysInTheOrderOfTheirNames() {
        List<Effect> effects = CASCADES.effects(List.of(gone(FOLDER, row(1, 10)), gone(FOLDER, row(2, 20))));

        assertThat(effects).extracting(effect -> effect.tie().key().name()).containsExactly("by_code", "in_folder");
        assertThat(effects).extracting(Effect::removes).containsExactly(false, true);
        assertThat(effects.get(1).from()).containsExactly(List.of(new Value.Whole(1)), List.of(new Value.Whole(2)));
        assertThat(CASCADES.goesOn(effects.get(0)))
                .as("notes refer to the file's id")
                .isFalse();
        assertThat(CASCADES.goesOn(effects.get(1))).isTrue();
        assertThat(CASCADES.effects(List.of(gone(FOLDER, new Row(List.of(Value.NULL, Value.NULL))))))
                .as("nobody refers to NULL")
                .isEmpty();
    }

    @Test
    void spellsTheStatementsForEitherEngine() throws Exception {
        Effect toNull = CASCADES.effects(List.of(gone(FOLDER, row(1, 10)))).get(0);
        Effect away = CASCADES.effects(List.of(gone(FOLDER, row(1, 10)), gone(FOLDER, row(2, 20))))
                .get(1);
        Effect renumbered = CASCADES.effects(List.of(new ParentChange("shop.folder", row(1, 10), row(5, 10))))
                .get(0);

        assertThat(new ChildRows(POSTGRES, Side.TARGET, toNull).change())
                .isEqualTo("update \"new\".\"file\" set \"code\" = null where (\"code\") in (('10'::integer))");
        assertThat(new ChildRows(MARIADB, Side.TARGET, away).change())
                .isEqualTo("delete from `new`.`file` where (`folder`) in ((1), (2))");
        assertThat(new ChildRows(MARIADB, Side.TARGET, away).change(List.of(List.of(new Value.Whole(9)))))
                .isEqualTo("delete from `new`.`file` where (`id`) in ((9))");
        assertThat(new ChildRows(MARIADB, Side.TARGET, renumbered).change())
                .isEqualTo("update `new`.`file` set `folder` = 5 where (`folder`) in ((1))");
    }

    @Test
    void knowsWhenUpdatedRowsMayLookAsBefore() {
        TableMapping team = new TableMapping(
                new TableId("shop", "team"),
                new TableId("new", "team"),
                List.of(new ColumnMapping("name", Kind.TEXT, "varchar(9)", "name", "varchar(9)")),
                List.of(0),
                0);
        TableMapping member = new TableMapping(
                        new TableId("shop", "member"), new TableId("new", "member"), team.columns(), List.of(0), 0)
                .withCascades(List.of(key("in_team", "name", team, "name", Action.SET_NULL, Action.CASCADE)));
        Cascades teams = Cascades.of(List.of(team, member));
        Row before = new Row(List.of(new Value.Text("a")));
        Row after = new Row(List.of(new Value.Text("A")));

        assertThat(teams.effects(List.of(new ParentChange(team.id(), before, after))))
                .as("texts")
                .allMatch(Effect::leavesAlike);
        assertThat(teams.effects(List.of(gone(team, before)))).as("NULL").noneMatch(Effect::leavesAlike);
        assertThat(CASCADES.effects(List.of(new ParentChange("shop.folder", row(1, 10), row(5, 10)))))
                .as("numbers")
                .noneMatch(Effect::leavesAlike);
        assertThat(CASCADES.effects(List.of(gone(FOLDER, row(1, 10)))))
                .as("removed, or NULL")
                .noneMatch(Effect::leavesAlike);
    }

    @Test
    void keepsTheTimesThatMySqlWouldSetAtAnUpdate() throws Exception {
        List<ColumnMapping> columns = new ArrayList<>(FILE.columns());
        columns.add(new ColumnMapping("touched", Kind.INSTANT, "timestamp", "touched", "timestamp(6)"));
        TableMapping file =
                new TableMapping(FILE.source(), FILE.target(), columns, List.of(0), 0).withCascades(FILE.cascades());
        Effect toNull = Cascades.of(List.of(FOLDER, file))
                .effects(List.of(gone(FOLDER, row(1, 10))))
                .get(0);

        assertThat(new ChildRows(MARIADB, Side.TARGET, toNull).change())
                .isEqualTo("update `new`.`file` set `code` = null, `touched` = `touched` where (`code`) in ((10))");
    }

    private static TableMapping table(String name, String... columns) {
        return new TableMapping(
                new TableId("shop", name),
                new TableId("new", name),
                Stream.of(columns)
                        .map(column -> new ColumnMapping(column, Kind.NUMBER, "int", column, "integer"))
                        .toList(),
                List.of(0),
                0);
    }

    private static CascadingKey key(
            String name, String column, TableMapping parent, String key, Action onDelete, Action onUpdate) {
        return new CascadingKey(name, List.of(column), parent.source(), List.of(key), onDelete, onUpdate);
    }

    private static Row row(long... values) {
        List<Value> row = new ArrayList<>();
        for (long value : values) row.add(new Value.Whole(value));
        return new Row(row);
    }

    private static ParentChange gone(TableMapping table, Row row) {
        return new ParentChange(table.id(), row, null);
    }

    private static ChangeEvent delete(TableMapping table, Row row) {
        return event(table, Operation.DELETE, row, null);
    }

    private static ChangeEvent update(TableMapping table, Row before, Row after) {
        return event(table, Operation.UPDATE, before, after);
    }

    private static ChangeEvent event(
            TableMapping table, Operation operation, @Nullable Row before, @Nullable Row after) {
        return new ChangeEvent(table.id(), operation, before, after, new Position(1, 4, 2), "t");
    }
}
