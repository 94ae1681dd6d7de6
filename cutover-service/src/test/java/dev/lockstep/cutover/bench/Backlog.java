package dev.lockstep.cutover.bench;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Mixed changes of the table {@code item}, or of each of several like it at once, made on the source server by a procedure of its own: of ten, six update, three insert and one
 * deletes. Updates hit any of the first rows alike, or a few of them mostly; deletes take the last rows, each once.
 *
 * @param changes how many, of all tables together
 * @param transaction how many of them one transaction holds
 * @param rows that are in a table before
 * @param zipfian whether a key's share is the inverse of its rank
 */
public record Backlog(int changes, int transaction, int rows, boolean zipfian) {

    /** Rows with negative ids that are inserted behind all: each of the others lies before one of them in every partition. */
    private static final int MARKS = 16;

    private static final String POSTGRES = """
            create or replace procedure mix(n int, per int, b int, zipf boolean) language plpgsql as $$
            declare d int := n / 10; live int := b - n / 10; k int;
            begin
              perform setseed(0.42);
              for i in 1..n loop
                if i %% 10 in (2, 4, 7) then
                  insert into item values (b + i, i %% 1000, i / 100.0, 'state ' || i %% 7, 'customer' || i || '@example.com',
                    repeat(md5(i::text), 3) || i, timestamp '2021-01-01' + i * interval '1.000001 s');
                elsif i %% 10 = 9 then
                  delete from item where id = live + 1 + (i::bigint / 10 * 7919) %% d;
                else
                  k := case when zipf then (floor(power(live, random()))::bigint * 7919) %% live + 1 else floor(random() * live) + 1 end;
                  update item set customer = customer + 1, amount = amount + 0.25, state = 'state ' || i %% 9 where id = k;
                end if;
                if i %% per = 0 then commit; end if;
              end loop;
            end $$
            """.replace("%%", "%");

    private static final String MARIADB = """
            create or replace procedure mix(n int, per int, b int, zipf boolean)
            begin
              declare i int default 1; declare k int; declare d int default floor(n / 10); declare live int default b - floor(n / 10);
              set autocommit = 0, @@rand_seed1 = 42, @@rand_seed2 = 4711;
              while i <= n do
                if i mod 10 in (2, 4, 7) then
                  insert into item values (b + i, i mod 1000, i / 100.0, concat('state ', i mod 7), concat('customer', i, '@example.com'),
                    concat(repeat(md5(i), 3), i), timestamp '2021-01-01 00:00:00.000001' + interval i second);
                elseif i mod 10 = 9 then
                  delete from item where id = live + 1 + (floor(i / 10) * 7919) mod d;
                else
                  set k = if(zipf, (floor(power(live, rand())) * 7919) mod live + 1, floor(rand() * live) + 1);
                  update item set customer = customer + 1, amount = amount + 0.25, state = concat('state ', i mod 9) where id = k;
                end if;
                if i mod per = 0 then commit; end if;
                set i = i + 1;
              end while;
              commit;
              set autocommit = 1;
            end
            """;

    public Backlog {
        if (changes / 10 * 2 > rows) throw new IllegalArgumentException("too few rows for so many deletes");
    }

    /** Makes the changes, and the marks behind them. */
    public void make(Databases databases) {
        List<CompletableFuture<Void>> all = databases.tables().stream()
                .map(table -> CompletableFuture.runAsync(() -> make(databases, table)))
                .toList();
        all.forEach(CompletableFuture::join);
    }

    private void make(Databases databases, String table) {
        Endpoint source = databases.source();
        String procedure = databases.isPostgres() ? POSTGRES : MARIADB;
        int each = changes / databases.tables().size();
        try {
            databases.execute(source, Databases.of(table, procedure).replace("mix(", "mix_" + table + "("));
            databases.execute(source, "call mix_%s(%d, %d, %d, %s)".formatted(table, each, transaction, rows, zipfian));
            for (int mark = 1; mark <= MARKS; mark++) databases.execute(source, Databases.of(table, insert(-mark)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Inserts a row that is in nobody's way and takes it out again, to see whether somebody follows. */
    public static void tryOut(Databases databases) throws SQLException {
        databases.execute(databases.source(), insert(0));
        databases.execute(databases.source(), "delete from item where id = 0");
    }

    /** Inserts a row with a negative id, each time another. */
    public static void mark(Databases databases) throws SQLException {
        databases.execute(databases.source(), insert(-(int) (System.nanoTime() % 1_000_000_000) - 1));
    }

    private static String insert(int id) {
        return "insert into item values (" + id + ", 1, 1, 'mark', 'mark', 'mark', '2026-01-01 00:00:00')";
    }

    /** Whether all has arrived. */
    public static boolean isIn(Databases databases, Endpoint target) throws SQLException {
        for (String table : databases.tables()) {
            String marks = Databases.query(target, Databases.of(table, "select count(*) from item where id < 0"));
            if (!marks.equals(Integer.toString(MARKS))) return false;
        }
        return true;
    }
}
