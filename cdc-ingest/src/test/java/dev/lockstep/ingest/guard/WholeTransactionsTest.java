package dev.lockstep.ingest.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class WholeTransactionsTest {

    private static final Schema ROW =
            SchemaBuilder.struct().field("op", Schema.STRING_SCHEMA).build();
    private static final Schema WIDE_ROW =
            SchemaBuilder.struct().field("text", Schema.STRING_SCHEMA).build();
    private static final Schema WIDE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("after", WIDE_ROW)
            .build();
    private static final Schema BOUNDARY = SchemaBuilder.struct()
            .field("status", Schema.STRING_SCHEMA)
            .field("id", Schema.STRING_SCHEMA)
            .build();
    private static final Schema STATEMENT =
            SchemaBuilder.struct().field("ddl", Schema.STRING_SCHEMA).build();

    private final WholeTransactions transactions = new WholeTransactions(4, 1000);

    @Test
    void rowsWaitForTheEndOfTheirTransaction() {
        List<SourceRecord> begun = List.of(boundary("BEGIN"), row(1, 0), row(1, 1));
        assertThat(transactions.take(begun)).isNull();
        assertThat(transactions.take(null)).isNull();
        SourceRecord end = boundary("END");
        List<SourceRecord> next = List.of(end, boundary("BEGIN"));
        assertThat(transactions.take(next))
                .startsWith(begun.get(0))
                .endsWith(end)
                .hasSize(4);
        assertThat(transactions.take(List.of(row(2, 0), end))).hasSize(3);
    }

    @Test
    void aStatementWaitsForNothing() {
        SourceRecord statement =
                new SourceRecord(Map.of(), Map.of(), "t", STATEMENT, new Struct(STATEMENT).put("ddl", "drop table a"));
        assertThat(transactions.take(List.of(statement))).containsExactly(statement);
    }

    @Test
    void aTransactionBeyondTheBoundIsCutWhereTheLogCanBeReadOn() {
        SourceRecord deleted = row(3, 7);
        SourceRecord inserted = row(3, 7); // of one changed key
        List<SourceRecord> polled =
                new ArrayList<>(List.of(boundary("BEGIN"), row(1, 0), row(2, 0), deleted, inserted));
        assertThat(transactions.take(polled)).isEqualTo(polled.subList(0, 3));
        assertThat(transactions.take(List.of(boundary("END"))))
                .startsWith(deleted, inserted)
                .hasSize(3);
    }

    @Test
    void aTransactionIsCutByItsBytesToo() {
        List<SourceRecord> polled = List.of(boundary("BEGIN"), wide(1, "x".repeat(600)), wide(2, "y".repeat(300)));
        assertThat(transactions.take(polled)).isNull();

        assertThat(transactions.take(List.of(wide(3, "z".repeat(200))))).isEqualTo(polled);
        assertThat(transactions.take(List.of(wide(4, "z".repeat(700)))))
                .as("200 and 700 bytes")
                .isNull();
        assertThat(transactions.take(List.of(boundary("END")))).hasSize(3);
    }

    @Test
    void aTransactionThatBeginsAnewInItsMiddleIsReadOnFromWhatIsCommitted() {
        transactions.take(List.of(boundary("BEGIN", "7"), row(1, 0)));

        assertThatThrownBy(() -> transactions.take(List.of(boundary("BEGIN", "7"))))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("transaction 7");
    }

    @Test
    void aTransactionWhoseEndTheLogDoesNotTellIsNoneThatBeginsAnew() {
        transactions.take(List.of(boundary("BEGIN", "7"), row(1, 0)));

        assertThat(transactions.take(List.of(boundary("BEGIN", "8"), row(2, 0), boundary("END", "8"))))
                .hasSize(5);
    }

    private static SourceRecord wide(long event, String text) {
        Struct after = new Struct(WIDE_ROW).put("text", text);
        return new SourceRecord(
                Map.of(),
                Map.of("file", "binlog.000001", "pos", 4L, "event", event, "row", 0),
                "t",
                WIDE,
                new Struct(WIDE).put("op", "c").put("after", after));
    }

    private static SourceRecord row(long event, int row) {
        return new SourceRecord(
                Map.of(),
                Map.of("file", "binlog.000001", "pos", 4L, "event", event, "row", row, "ts_sec", System.nanoTime()),
                "t",
                ROW,
                new Struct(ROW).put("op", "c"));
    }

    private static SourceRecord boundary(String status) {
        return boundary(status, status);
    }

    private static SourceRecord boundary(String status, String transaction) {
        Struct value = new Struct(BOUNDARY).put("status", status).put("id", transaction);
        return new SourceRecord(Map.of(), Map.of(), "t", BOUNDARY, value);
    }
}
