package dev.lockstep.ingest.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableStatementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create or replace table item (id int)",
                "-- by hand\ncreate or replace table item (id int)",
                "# by hand\n  DROP TABLE item",
                "/* deploy 17 */ /* again */ rename table item to old",
                "set statement lock_wait_timeout = 60 for create or replace table item (id int)",
                "/*!50000 drop */ table item",
                "/*M!100100 create or replace */ table item like other",
                "truncate item",
                "alter table item rename to old",
                "alter online table item add column a int, rename as `shop`.`old`"
            })
    void seesThatATableIsAnotherOne(String statement) {
        assertThat(TableStatement.makesAnother(statement)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index by_name on item (name)",
                "create or replace index by_name on item (name)",
                "drop index by_name on item",
                "alter table item add column a int -- rename to old",
                "alter table item rename column a to b",
                "alter table item rename index a to b",
                "/* drop table item */ analyze table item"
            })
    void letsByWhatLeavesTheTableTheSame(String statement) {
        assertThat(TableStatement.makesAnother(statement)).isFalse();
    }
}
