package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.MySqlLiteral;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralsTest {

    @Test
    void anArrayQuotesTextSoThatNothingInItIsSyntax() {
        assertThat(array(new Value.Text("a,b{}"), new Value.Text("NULL"), Value.NULL, new Value.Text("")))
                .isEqualTo("{\"a,b{}\",\"NULL\",NULL,\"\"}");
        assertThat(array(new Value.Text("it's \"so\" \\ 😀"))).isEqualTo("{\"it's \\\"so\\\" \\\\ 😀\"}");
        assertThat(array(new Value.Binary(new byte[] {0, -1, 92}))).isEqualTo("{\"\\\\x00ff5c\"}");
    }

    @Test
    void anArraySpellsNumbersSoThatEveryBitReturns() {
        assertThat(array(new Value.Exact(new BigDecimal("1E+3")), new Value.Exact(new BigDecimal("0.10"))))
                .isEqualTo("{1000,0.10}");
        assertThat(array(
                        new Value.Double(Double.NaN),
                        new Value.Double(Double.NEGATIVE_INFINITY),
                        new Value.Double(-0.0),
                        new Value.Single(Float.MIN_VALUE)))
                .isEqualTo("{NaN,-Infinity,-0.0,1.4E-45}");
    }

    @Test
    void anArraySpellsYearsAsPostgresDoes() {
        assertThat(array(
                        new Value.Date(LocalDate.of(2026, 11, 22).toEpochDay()),
                        new Value.Date(LocalDate.of(12026, 1, 2).toEpochDay()),
                        new Value.Date(LocalDate.of(0, 2, 3).toEpochDay()),
                        new Value.Date(LocalDate.of(-43, 3, 15).toEpochDay())))
                .isEqualTo("{\"2026-11-22\",\"12026-01-02\",\"0001-02-03 BC\",\"0044-03-15 BC\"}");
        long micros = Texts.micros(LocalDateTime.of(-43, 3, 15, 12, 0));
        assertThat(array(new Value.Instant(0), new Value.Instant(micros)))
                .isEqualTo("{\"1970-01-01 00:00:00.000000+00\",\"0044-03-15 12:00:00.000000+00 BC\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "character varying(20) | text",
                "character(5) | bpchar",
                "numeric(12,2) | numeric",
                "timestamp(3) with time zone | timestamp with time zone",
                "shop.\"Order (state)\" | shop.\"Order (state)\"",
                "\"a\"\"(b)\" | \"a\"\"(b)\"",
                "uuid | uuid"
            })
    void aCastNamesTheTypeWithoutItsBounds(String type, String cast) {
        assertThat(PostgresTypes.unbounded(type)).isEqualTo(cast);
    }

    @Test
    void aMySqlLiteralEscapesWhatEndsOrBendsIt() throws SQLException {
        assertThat(literal(new Value.Text("it's \\ \"so\" \0 😀"))).isEqualTo("'it\\'s \\\\ \"so\" \\0 😀'");
        assertThat(literal(new Value.Binary(new byte[] {0, -1}))).isEqualTo("x'00ff'");
        assertThat(literal(new Value.Double(-0.0))).isEqualTo("-0.0E0");
        assertThat(literal(new Value.Single(0.1f))).isEqualTo("0.10000000149011612E0");
        assertThatThrownBy(() -> literal(new Value.Double(Double.NaN))).isInstanceOf(SQLException.class);
    }

    @Test
    void chunksKeepBothBoundsAndTheOrder() {
        List<List<Value>> rows = List.of(text(10), text(10), text(1000), text(10), text(10), text(10));

        var chunks = Chunks.of(rows, 2, 200);

        assertThat(chunks)
                .containsExactly(rows.subList(0, 2), rows.subList(2, 3), rows.subList(3, 5), rows.subList(5, 6));
    }

    private static List<Value> text(int length) {
        return List.of(new Value.Text("x".repeat(length)));
    }

    private static String array(Value... values) {
        return PostgresArray.of(java.util.Arrays.stream(values).map(List::of).toList(), 0);
    }

    @Test
    void aCopysSeparatorsAreEscapedAndNothingElse() {
        assertThat(copied(new Value.Text("a\tb\nc\rd\\e\u00e9,\"x\" {}")))
                .isEqualTo("a\\tb\\nc\\rd\\\\e\u00e9,\"x\" {}");
        assertThat(copied(new Value.Text("\\N"))).isEqualTo("\\\\N");
        assertThat(copied(Value.NULL)).isEqualTo("\\N");
        assertThat(copied(new Value.Text(""))).isEmpty();
        assertThat(copied(new Value.Binary(new byte[] {0, -1}))).isEqualTo("\\\\x00ff");
        assertThat(copied(new Value.Instant(1))).isEqualTo("1970-01-01 00:00:00.000001+00");
    }

    private static String copied(Value value) {
        StringBuilder out = new StringBuilder();
        PostgresCopy.append(out, value);
        return out.toString();
    }

    private static String literal(Value value) throws SQLException {
        StringBuilder out = new StringBuilder();
        MySqlLiteral.append(out, value);
        return out.toString();
    }
}
