package dev.lockstep.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.row.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyConditionTest {

    private static final ColumnMapping NUMBER = new ColumnMapping("id", Kind.NUMBER, "bigint", "id", "bigint");
    private static final ColumnMapping NAME =
            new ColumnMapping("name", Kind.TEXT, "varchar(9)", "naam", "character varying(9)");
    private static final ColumnMapping OCTETS = new ColumnMapping("u", Kind.UUID, "uuid", "u", "binary(16)");
    private static final List<Value> BOUND = List.of(new Value.Whole(7), new Value.Text("o'b\\"));

    @Test
    void asksPostgresForRowsAsAWholeAndTheOthersInComparisonsThatTheirIndexServes() throws Exception {
        KeyRange range = KeyRange.behind(BOUND).upTo(List.of(new Value.Whole(8), new Value.Text("z")));

        assertThat(KeyCondition.ofTarget(PostgresDialect.POSTGRES, List.of(NUMBER, NAME))
                        .within(range))
                .isEqualTo(" where (\"id\", \"naam\") > ('7'::bigint, 'o''b\\'::text)"
                        + " and (\"id\", \"naam\") <= ('8'::bigint, 'z'::text)");
        assertThat(KeyCondition.ofSource(MySqlDialect.MARIADB, List.of(NUMBER, NAME))
                        .within(range))
                .isEqualTo(" where ((`id` > 7) or (`id` = 7 and `name` > 'o\\'b\\\\'))"
                        + " and ((`id` < 8) or (`id` = 8 and `name` <= 'z'))");
        assertThat(KeyCondition.ofSource(MySqlDialect.MYSQL, List.of(NUMBER)).within(KeyRange.ALL))
                .isEmpty();
    }

    @Test
    void asksForKeysInTheFormThatTheColumnKeeps() throws Exception {
        List<List<Value>> keys = List.of(List.of(new Value.Text("00000000-0000-0000-0000-0000000000ff")));

        assertThat(KeyCondition.ofTarget(MySqlDialect.MYSQL, List.of(OCTETS)).anyOf(keys))
                .isEqualTo(" where (`u`) in ((x'000000000000000000000000000000ff'))");
        assertThat(KeyCondition.ofSource(PostgresDialect.POSTGRES, List.of(OCTETS))
                        .anyOf(keys))
                .isEqualTo(" where (\"u\") in (('00000000-0000-0000-0000-0000000000ff'::uuid))");
    }

    @Test
    void knowsWhichKeysBothEnginesSortAlike() {
        Dialect postgres = PostgresDialect.POSTGRES;
        ColumnMapping choice = new ColumnMapping("c", Kind.TEXT, "enum('b','a')", "c", "enum('b','a')");
        ColumnMapping sameText = new ColumnMapping("t", Kind.TEXT, "text", "t", "text");

        assertThat(KeyCondition.isOrderShared(MySqlDialect.MYSQL, postgres, List.of(NUMBER)))
                .isTrue();
        assertThat(KeyCondition.isOrderShared(MySqlDialect.MYSQL, postgres, List.of(NUMBER, NAME)))
                .isFalse();
        assertThat(KeyCondition.isOrderShared(postgres, postgres, List.of(sameText)))
                .isTrue();
        assertThat(KeyCondition.isOrderShared(MySqlDialect.MARIADB, MySqlDialect.MARIADB, List.of(choice)))
                .as("sorted by number, compared as text")
                .isFalse();
    }
}
