package dev.lockstep.cutover.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What writes behind PostgreSQL's fence without a session that could be ended. */
final class PostgresWriters {

    private static final String ROLES_WITH_A_SETTING_OF_THEIR_OWN = """
            select distinct r.setrole::regrole::text
            from pg_db_role_setting d, unnest(d.setconfig) s, lateral (select d.setrole) r
            where d.setrole <> 0 and d.setrole <> current_user::regrole
              and d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
              and s like 'default_transaction_read_only=%' and lower(split_part(s, '=', 2)) in ('off', 'false', 'no', '0')
              and not exists (
                select 1 from pg_db_role_setting o, unnest(o.setconfig) own
                where o.setrole = d.setrole and o.setdatabase = (select oid from pg_database where datname = current_database())
                  and own = 'default_transaction_read_only=on')
            """;

    private static final String PREPARED = "select gid from pg_prepared_xacts where database = current_database()";

    private static final String SUBSCRIPTIONS = """
            select subname from pg_subscription
            where subenabled and subdbid = (select oid from pg_database where datname = current_database())
            """;

    private static final String SEES_OTHERS = "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')";

    private final Connection connection;

    PostgresWriters(Connection connection) {
        this.connection = connection;
    }

    /** Each with what mends it. */
    List<String> others() throws SQLException {
        List<String> reasons = new ArrayList<>();
        for (String role : names(ROLES_WITH_A_SETTING_OF_THEIR_OWN))
            reasons.add("role " + role + " has its own default_transaction_read_only = off, which wins; alter role "
                    + role + " reset default_transaction_read_only, or name it in cutover.fence: roles");
        for (String gid : names(PREPARED))
            reasons.add("prepared transaction '" + gid + "' may be committed at any time; commit or roll it back");
        for (String subscription : names(SUBSCRIPTIONS))
            reasons.add(
                    "subscription " + subscription + " writes here; alter subscription " + subscription + " disable");
        if (!Sql.first(connection, row -> row.getBoolean(1), SEES_OTHERS).orElse(false))
            reasons.add("others' sessions cannot be seen; grant pg_read_all_stats to Lockstep's user");
        return reasons;
    }

    private List<String> names(String sql) throws SQLException {
        return Sql.list(connection, row -> row.getString(1), sql);
    }
}
