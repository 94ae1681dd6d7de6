package dev.lockstep.schemas.testing;

import dev.lockstep.schemas.table.Dialect;
import dev.lockstep.schemas.table.TableId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table that was drawn. Beside the drawn columns it has a number that tells its rows apart, and columns that the server computes.
 *
 * @param number the column of the row's number, which is part of the key
 * @param counted how the number's column is declared: 0 plainly, else so that the server would count
 * @param key the key's columns in its order
 */
record DrawnTable(
        TableId id, String number, int counted, List<DrawnColumn> columns, List<String> key, String computed) {

    /** Names that want quoting in one place or another. */
    private static final List<String> NAMES = List.of(
            "order",
            "Mixed Case",
            "da-sh",
            "do.t",
            "\u00fcml\u00e4\u00dft",
            "quo\"te",
            "back`tick",
            "it's",
            "per%cent",
            "co,mm;a:",
            "back\\slash",
            "(br){1}[a]*+?^$|",
            "select",
            "plain",
            "UPPER",
            "\u540d\u524d",
            "a$b#c@d",
            "1st");

    /** Odd names, each once. */
    static List<String> names(Random random) {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        return names;
    }

    static DrawnTable draw(Random random, DrawnTypes types, TableId id) {
        List<String> names = names(random);
        List<DrawnColumn> columns = new ArrayList<>();
        List<String> key = new ArrayList<>(List.of(names.get(0)));
        int count = 1 + random.nextInt(7);
        for (int i = 1; i <= count; i++) {
            boolean isKey = i < count && i < 3 && random.nextBoolean();
            boolean nullable = !isKey && random.nextInt(4) > 0;
            columns.add(new DrawnColumn(
                    names.get(i),
                    isKey ? types.drawKey(random) : types.draw(random),
                    nullable,
                    nullable && random.nextInt(4) == 0));
            if (isKey) key.add(names.get(i));
        }
        Collections.shuffle(columns, random);
        Collections.shuffle(key, random);
        return new DrawnTable(id, names.get(0), random.nextInt(3), columns, key, names.get(count + 1));
    }

    /** With the columns that this engine has a type for. */
    String create(Dialect dialect, TableId as, String from) {
        String engine = dialect.engine();
        Stream<String> carried = columns.stream()
                .filter(column -> column.type().on(engine, from) != null)
                .map(column -> column.declaration(dialect, from));
        Stream<String> all = Stream.concat(
                Stream.concat(Stream.of(computed(dialect, "", "stored")), carried),
                Stream.of(
                        numberColumn(dialect),
                        computed(dialect, " again", engine.equals("postgresql") ? "stored" : "virtual"),
                        "unique (" + dialect.quote(number) + ")",
                        "primary key (" + key.stream().map(dialect::quote).collect(Collectors.joining(", ")) + ")"));
        return all.collect(Collectors.joining(", ", "create table " + dialect.quote(as) + " (", ")"));
    }

    /** MySQL and MariaDB compute nothing from a column that they count. */
    private String computed(Dialect dialect, String suffix, String how) {
        String from = counted == 0 || dialect.engine().equals("postgresql") ? dialect.quote(number) : "21";
        return dialect.quote(computed + suffix) + " int generated always as (" + from + " * 2) " + how;
    }

    private String numberColumn(Dialect dialect) {
        String name = dialect.quote(number);
        if (!dialect.engine().equals("postgresql"))
            return name + " int not null" + (counted == 0 ? "" : " auto_increment");
        return switch (counted) {
            case 0 -> name + " integer";
            case 1 -> name + " serial";
            default -> name + " integer generated always as identity";
        };
    }

    List<String> drawRow(Random random) {
        return columns.stream().map(column -> column.draw(random)).toList();
    }

    String insert(Dialect dialect, int row, List<String> values) {
        String names = columns.stream()
                .map(column -> ", " + dialect.quote(column.name()))
                .collect(Collectors.joining());
        return "insert into " + dialect.quote(id) + " (" + dialect.quote(number) + names + ")"
                + (dialect.engine().equals("postgresql") ? " overriding system value" : "") + " values (" + row
                + values.stream().map(value -> ", " + value).collect(Collectors.joining()) + ")";
    }

    String update(Dialect dialect, int row, List<String> values) {
        List<String> set = new ArrayList<>();
        for (int i = 0; i < values.size(); i++)
            set.add(dialect.quote(columns.get(i).name()) + " = " + values.get(i));
        return "update " + dialect.quote(id) + " set " + String.join(", ", set) + where(dialect, row);
    }

    String delete(Dialect dialect, int row) {
        return "delete from " + dialect.quote(id) + where(dialect, row);
    }

    private String where(Dialect dialect, int row) {
        return " where " + dialect.quote(number) + " = " + row;
    }

    /**
     * @param invisible left out of {@code select *}, on engines that know it
     */
    record DrawnColumn(String name, DrawnType type, boolean nullable, boolean invisible) {

        String draw(Random random) {
            return nullable && random.nextInt(4) == 0 ? "null" : type.values().apply(random);
        }

        String declaration(Dialect dialect, String from) {
            @Nullable String declared = type.on(dialect.engine(), from);
            boolean isPostgres = dialect.engine().equals("postgresql");
            return dialect.quote(name) + " " + declared + (nullable ? " null" : " not null")
                    + (invisible && !isPostgres ? " invisible" : "");
        }
    }
}
