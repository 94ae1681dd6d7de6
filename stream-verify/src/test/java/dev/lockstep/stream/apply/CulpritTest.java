package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CulpritTest {

    private static final int ROWS = 5000;

    private final Destination table = Destination.of(new Lane("public", 1).members, Side.SOURCE);
    private int attempts;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2499, 2500, 4998, 4999})
    void findsTheRefusedRowAmongThousandsInAFewAttempts(int refused) throws Exception {
        NetChanges changes = new NetChanges(table, new CanonicalEncoder());
        for (int id = 0; id < ROWS; id++)
            changes.add(
                    new ChangeEvent(
                            table.id(), Operation.INSERT, null, Lane.row(id, "n" + id, 1), Position.SNAPSHOT, null),
                    null);
        var whole = new BatchRows.Refused(changes, false, new SQLException("some row", "23514"));

        Culprit.Found found = new Culprit(refusing("row " + refused), rollingBack(), whole, false)
                .find()
                .orElseThrow();

        assertThat(found.key().values()).containsExactly(new Value.Whole(refused));
        assertThat(found.error().getMessage()).isEqualTo("row " + refused);
        assertThat(attempts).isLessThanOrEqualTo(1 + 13); // once all of them, then halves: 2^13 > 5000
    }

    @Test
    void findsTheRefusedDeleteAndNoRowThatIsWritten() throws Exception {
        NetChanges changes = new NetChanges(table, new CanonicalEncoder());
        for (int id = 0; id < ROWS; id++) {
            boolean gone = id % 2 == 0;
            Operation operation = gone ? Operation.DELETE : Operation.INSERT;
            Row after = gone ? null : Lane.row(id, "n" + id, 1);
            changes.add(
                    new ChangeEvent(table.id(), operation, null, after, Position.SNAPSHOT, null),
                    gone ? new RowKey(table.id(), List.of(new Value.Whole(id))) : null);
        }
        var whole = new BatchRows.Refused(changes, false, new SQLException("some row", "45000"));

        Culprit culprit = new Culprit(refusing("delete 1776"), rollingBack(), whole, false);

        assertThat(culprit.find().orElseThrow().key().values()).containsExactly(new Value.Whole(1776));
        assertThat(culprit.findAll(10))
                .extracting(found -> found.key().values())
                .containsExactly(List.of(new Value.Whole(1776)));
    }

    private Sink refusing(String what) {
        return new Sink() {
            @Override
            public void prepare(Connection connection) {}

            @Override
            public void delete(Connection connection, Destination table, List<List<Value>> keys) throws SQLException {
                for (List<Value> key : keys) refuse("delete", key);
            }

            @Override
            public void upsert(Connection connection, Destination table, List<Row> rows) throws SQLException {
                attempts++;
                for (Row row : rows) refuse("row", row.values());
            }

            private void refuse(String kind, List<Value> values) throws SQLException {
                String change = kind + " " + ((Value.Whole) values.get(0)).value();
                if (change.equals(what)) throw new SQLException(change, "45000");
            }

            @Override
            public Spelled spellInsert(Destination table, List<Row> rows) {
                return connection -> upsert(connection, table, rows);
            }

            @Override
            public Spelled spellUpdate(Destination table, List<Row> rows) {
                return connection -> upsert(connection, table, rows);
            }

            @Override
            public void copy(Connection connection, Destination table, Iterable<Row> rows) {}

            @Override
            public void replace(Connection connection, Destination table, List<Row> rows) {}
        };
    }

    private static Connection rollingBack() {
        return (Connection) Proxy.newProxyInstance(
                CulpritTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> null);
    }
}
