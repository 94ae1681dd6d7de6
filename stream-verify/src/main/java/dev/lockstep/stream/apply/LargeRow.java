package dev.lockstep.stream.apply;

import com.mysql.cj.jdbc.JdbcConnection;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.MySqlLiteral;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** A row with a large value as a statement of its own: as hexadecimal digits, or escaped, it would take twice the packet that it must. */
final class LargeRow {

    private static final int LARGE = 1 << 20;

    private LargeRow() {}

    static boolean is(List<List<Value>> rows) {
        return rows.size() == 1 && rows.get(0).stream().anyMatch(LargeRow::isLarge);
    }

    private static boolean isLarge(Value value) {
        return (value instanceof Value.Binary octets && octets.value().length >= LARGE)
                || (value instanceof Value.Text text && text.value().length() >= LARGE);
    }

    static void execute(Connection connection, String head, List<Value> row, String tail) throws SQLException {
        StringBuilder sql = new StringBuilder(head).append('(');
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) sql.append(',');
            if (isLarge(row.get(i))) sql.append('?');
            else MySqlLiteral.append(sql, row.get(i));
        }
        try (var statement = prepare(connection, sql.append(')').append(tail).toString())) {
            bind(statement, row);
            statement.executeUpdate();
        }
    }

    /** MySQL's driver would send octets as digits too, if the statement were not prepared by the server. */
    private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                ? connection.unwrap(JdbcConnection.class).serverPrepareStatement(sql)
                : connection.prepareStatement(sql);
    }

    private static void bind(PreparedStatement statement, List<Value> row) throws SQLException {
        int parameter = 0;
        for (Value value : row) {
            if (!isLarge(value)) continue;
            if (value instanceof Value.Binary octets) statement.setBytes(++parameter, octets.value());
            else statement.setString(++parameter, ((Value.Text) value).value());
        }
    }
}
