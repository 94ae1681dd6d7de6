package dev.lockstep.stream.apply;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.ControlTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Every offset that a lane's row is moved to, noted in the transaction that moves it; not when the row is but locked. */
final class Moves {

    private Moves() {}

    /** Notes them from here on. */
    static void watch(Endpoint target) throws SQLException {
        try (Connection session = target.connectWriter()) {
            ControlTables.createApplied(session, target.dialect());
        }
        if (target.dialect().engine().equals("postgresql"))
            TableReads.execute(
                    target,
                    "create table moves (number bigserial primary key, next_offset bigint)",
                    "create function note_move() returns trigger language plpgsql as"
                            + " $$ begin insert into public.moves (next_offset) values (new.next_offset); return null; end $$",
                    "create trigger note_move after update of next_offset on lockstep.applied for each row"
                            + " when (new.next_offset <> old.next_offset) execute function note_move()",
                    "alter table lockstep.applied enable always trigger note_move");
        else
            TableReads.execute(
                    target,
                    "create table moves (number bigint auto_increment primary key, next_offset bigint)",
                    "create trigger lockstep.note_move after update on lockstep.applied for each row"
                            + " insert into " + target.database() + ".moves (next_offset)"
                            + " select new.next_offset from dual where new.next_offset <> old.next_offset");
    }

    /** In the order in which they were noted. */
    static List<Long> of(Endpoint target) throws SQLException {
        List<Long> moves = new ArrayList<>();
        try (Connection connection = target.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select next_offset from moves order by number")) {
            while (row.next()) moves.add(row.getLong(1));
        }
        return moves;
    }
}
