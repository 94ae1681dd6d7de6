package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "08006, 0, connection lost",
        "57P03, 0, PostgreSQL is starting",
        "53300, 0, too many connections to PostgreSQL",
        "53100, 0, its disk is full",
        "25P03, 0, the session was idle in its transaction for too long",
        "08004, 1040, too many connections to MySQL",
        "42000, 1203, too many of our user",
        "42000, 1226, more than our user may have",
        "08S01, 1053, MySQL is shutting down",
        "HY000, 1205, lock wait",
        "70100, 1969, MariaDB's max_statement_time",
        "HY000, 4031, idle for longer than wait_timeout",
        "HY000, 1021, MySQL's disk is full",
        "HY000, 1114, there is no room for the table to grow"
    })
    void waitsForWhatPassesByItself(String state, int code, String what) {
        SQLException error = new SQLException(what, state, code);

        assertThat(SqlErrors.isTransient(error)).as(what).isTrue();
        assertThat(SqlErrors.isOfTheRow(error)).as("no row's fault: %s", what).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Duplicate entry 'a' for 'b' for key 'goods.label' | Duplicate entry … for key 'goods.label'",
                "(conn=7) Incorrect string value: '\\xF0\\x9F' for column `shop`.`goods`.`note` at row 1"
                        + " | (conn=7) Incorrect string value: … for column `shop`.`goods`.`note` at row 1",
                "Truncated incorrect DOUBLE value: 'secret' | Truncated incorrect DOUBLE value: …",
                "ERROR: invalid input syntax for type integer: \"secret\" | ERROR: invalid input syntax for type integer: …",
                "ERROR: value \"99\" is out of range for type smallint | ERROR: value … is out of range for type smallint",
                "ERROR: duplicate key value violates unique constraint \"goods_label_key\""
                        + " | ERROR: duplicate key value violates unique constraint \"goods_label_key\"",
                "CONSTRAINT `cheap` failed for `shop`.`goods` | CONSTRAINT `cheap` failed for `shop`.`goods`"
            })
    void saysNoValuesOfARow(String said, String shown) {
        assertThat(SqlErrors.message(new SQLException(said))).isEqualTo(shown);
    }
}
