package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.migration.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

/**
 * Tables whose foreign keys cascade in every way that InnoDB knows, and transactions over them: parents are deleted, numbered anew and set to
 * NULL in their children between inserts of such, two levels deep, by keys that are part of a primary key, and within one table.
 */
final class CascadingLoad {

    /** The one table that no cascade changes. */
    static final String PARENT = "shop.folder";

    static final List<String> CHILDREN =
            List.of("shop.file", "shop.note", "shop.page", "shop.part", "shop.piece", "shop.tag");

    private static final int IDS = 60;

    private final Random random;

    CascadingLoad(long seed) {
        random = new Random(seed);
    }

    static List<String> tables(boolean postgres) {
        return List.of(
                "create table shop.folder (id int primary key, code int not null unique)",
                "create table shop.file (id int primary key, folder int not null,"
                        + " constraint in_folder foreign key (folder) references shop.folder (id) on delete cascade on update cascade)",
                "create table shop.note (id int primary key, file int not null,"
                        + " constraint of_file foreign key (file) references shop.file (id) on delete cascade on update cascade)",
                "create table shop.tag (id int primary key, folder int, code int, touched "
                        + (postgres
                                ? "timestamptz not null default now()"
                                : "timestamp not null default current_timestamp on update current_timestamp")
                        + ", constraint on_folder foreign key (folder) references shop.folder (id) on delete set null on update set null,"
                        + " constraint on_code foreign key (code) references shop.folder (code) on delete set null on update cascade)",
                "create table shop.part (id int, number int, primary key (id, number),"
                        + " constraint part_of foreign key (id) references shop.folder (id) on delete cascade on update cascade)",
                "create table shop.piece (id int primary key, part int not null, number int not null,"
                        + " constraint piece_of foreign key (part, number) references shop.part (id, number) on delete cascade on update cascade)",
                "create table shop.page (id int primary key, above int,"
                        + " constraint below foreign key (above) references shop.page (id) on delete cascade)");
    }

    void transactions(Endpoint source, int count) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                for (int lines = 1 + random.nextInt(8); lines > 0; lines--) run(statement, line());
                connection.commit();
            }
        }
    }

    /** What the source refuses has not happened. */
    private static void run(Statement statement, String line) throws SQLException {
        try {
            statement.execute(line);
        } catch (SQLException e) {
            if (!e.getSQLState().startsWith("23")) throw e;
        }
    }

    private String line() {
        return switch (random.nextInt(16)) {
            case 0, 1 -> {
                int id = id();
                yield "insert ignore into shop.folder values (%d, %d), (%d, %d)"
                        .formatted(id, id + 1000, id + IDS, id + IDS + 1000);
            }
            case 2, 3 ->
                "insert ignore into shop.file values (%d, %d), (%d, %d), (%d, %d)"
                        .formatted(id(), id(), id(), id(), id(), id());
            case 4, 5 -> "insert ignore into shop.note values (%d, %d), (%d, %d)".formatted(id(), id(), id(), id());
            case 6 ->
                "insert ignore into shop.tag values (%d, %d, %d, '2020-02-02 02:02:02')"
                        .formatted(id(), id(), id() + 1000);
            case 7 -> "insert ignore into shop.part values (%d, 1), (%d, 2)".formatted(id(), id());
            case 8 -> "insert ignore into shop.piece values (%d, %d, %d)".formatted(id(), id(), 1 + random.nextInt(2));
            case 9 -> "delete from shop.folder where id in (%d, %d, %d)".formatted(id(), id(), id());
            case 10 -> "update ignore shop.folder set id = %d where id = %d".formatted(id(), id());
            case 11 -> "update ignore shop.folder set code = %d where id = %d".formatted(id() + 1000, id());
            case 12 ->
                random.nextBoolean()
                        ? "delete from shop.file where id in (%d, %d)".formatted(id(), id())
                        : "update ignore shop.file set id = %d where id = %d".formatted(id(), id());
            case 13 -> "update ignore shop.file set folder = %d where id = %d".formatted(id(), id());
            case 14 ->
                random.nextInt(4) > 0
                        ? "insert ignore into shop.page values (%d, null), (%d, %d), (%d, %d)"
                                .formatted(id(), id(), id(), id(), id())
                        : "update ignore shop.page set above = %d where id = %d".formatted(id(), id());
            default -> "delete from shop.page where id = %d".formatted(id());
        };
    }

    private int id() {
        return 1 + random.nextInt(IDS);
    }
}
