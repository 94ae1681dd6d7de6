package dev.lockstep.cutover.sequence;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Sequences: those that a column owns (serial, identity) count for it, the others for themselves. */
record PostgresSequences(Dialect dialect) implements Engine {

    private static final int AT_ONCE = 200;

    /** Each with the table and the column that owns it, which are null where none does. */
    private static final String SEQUENCES = """
            select n.nspname, c.relname, s.seqincrement, s.seqmin, s.seqmax, t.relname, a.attname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
            left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
              and d.deptype in ('a', 'i') and d.refobjsubid > 0
            left join pg_class t on t.oid = d.refobjid
            left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where coalesce((select tn.nspname from pg_namespace tn where tn.oid = t.relnamespace), n.nspname) = ?
            order by 2
            """;

    private record Sequence(TableId name, long increment, long min, long max, Place place) {

        boolean descends() {
            return increment < 0;
        }

        long further(long one, long other) {
            return descends() ? Math.min(one, other) : Math.max(one, other);
        }
    }

    private static List<Sequence> sequences(Connection connection, String schema) throws SQLException {
        List<Sequence> sequences = new ArrayList<>();
        for (List<String> row : Engine.rows(connection, SEQUENCES, schema)) {
            TableId name = new TableId(row.get(0), row.get(1));
            boolean loose = row.get(5) == null;
            sequences.add(new Sequence(
                    name,
                    Long.parseLong(row.get(2)),
                    Long.parseLong(row.get(3)),
                    Long.parseLong(row.get(4)),
                    loose ? new Place(name, "") : new Place(new TableId(schema, row.get(5)), row.get(6))));
        }
        return sequences;
    }

    @Override
    public void bound(Connection connection, Duration answer) throws SQLException {
        Engine.rows(
                connection,
                "select set_config('statement_timeout', ?, false), set_config('lock_timeout', ?, false)",
                answer.toMillis() + "ms",
                LOCK_SECONDS + "s");
    }

    /** Beyond what sessions have cached, too: a sequence's last value is the last that it has handed to one. */
    @Override
    public Map<Place, Long> next(Connection connection, String schema) throws SQLException {
        List<Sequence> sequences = sequences(connection, schema);
        Map<Place, Long> next = new LinkedHashMap<>();
        for (int from = 0; from < sequences.size(); from += AT_ONCE) {
            List<Sequence> some = sequences.subList(from, Math.min(from + AT_ONCE, sequences.size()));
            String query = some.stream().map(this::nextOf).collect(Collectors.joining(" union all "));
            List<List<String>> rows = Engine.rows(connection, query);
            for (int i = 0; i < some.size(); i++)
                next.merge(some.get(i).place(), Long.parseLong(rows.get(i).get(0)), some.get(i)::further);
        }
        return next;
    }

    private String nextOf(Sequence sequence) {
        return "select last_value + case when is_called then " + sequence.increment() + " else 0 end from "
                + dialect.quote(sequence.name());
    }

    @Override
    public void advance(Connection connection, List<Setting> settings) throws SQLException {
        Map<Place, Setting> wanted = new LinkedHashMap<>();
        for (Setting setting : settings) wanted.put(setting.place(), setting);
        Set<String> schemas = new TreeSet<>();
        for (Setting setting : settings) schemas.add(setting.place().name().schema());
        for (String schema : schemas)
            for (Sequence sequence : sequences(connection, schema)) {
                Setting setting = wanted.get(sequence.place());
                if (setting != null) advance(connection, sequence, sequence.further(setting.own(), setting.next()));
            }
    }

    /** One that has come to its end gives out nothing more on this side, either. */
    private void advance(Connection connection, Sequence sequence, long next) throws SQLException {
        Place place = sequence.place();
        String stored = place.column().isEmpty()
                ? "null"
                : "(select " + (sequence.descends() ? "min" : "max") + "(" + dialect.quote(place.column()) + ") + "
                        + (sequence.descends() ? -1 : 1) + " from " + dialect.quote(place.name()) + ")";
        String name = dialect.quote(sequence.name()).replace("'", "''");
        Engine.rows(connection, """
                select setval('%1$s'::regclass, greatest(%2$d, least(%3$d, n)), n not between %2$d and %3$d)
                from (select %4$s(%5$d, %6$s)::bigint as n) wanted
                """.formatted(
                name, sequence.min(), sequence.max(), sequence.descends() ? "least" : "greatest", next, stored));
    }
}
