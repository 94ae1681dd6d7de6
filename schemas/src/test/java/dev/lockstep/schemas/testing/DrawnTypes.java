package dev.lockstep.schemas.testing;

import dev.lockstep.schemas.table.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Draws types of one engine: those of the fixed cases with their edges, and families with parameters and values over their whole range.
 *
 * @param shared only what the other family of engines holds too
 */
record DrawnTypes(Dialect dialect, List<TypeCase> cases, boolean shared) {

    DrawnType draw(Random random) {
        return random.nextBoolean() ? edges(random) : pick(random, families(random));
    }

    DrawnType drawKey(Random random) {
        return pick(random, families(random).stream().filter(DrawnType::keyable).toList());
    }

    private DrawnType edges(Random random) {
        List<TypeCase> carried = cases.stream()
                .filter(type -> type.kind() != null && (!shared || (type.postgres() != null && type.mySql() != null)))
                .toList();
        TypeCase type = pick(random, carried);
        List<String> values = IntStream.range(0, type.values().size())
                .filter(i -> !shared || !type.isOwn(i))
                .mapToObj(type.expressions()::get)
                .toList();
        return DrawnType.of(type.type(), type.postgres(), type.mySql(), r -> pick(r, values));
    }

    /** Each with parameters of its own. */
    private List<DrawnType> families(Random random) {
        List<DrawnType> all = new ArrayList<>(numbers(random));
        all.addAll(texts(random));
        all.addAll(times(random));
        all.addAll(isPostgres() ? ofPostgres(random) : ofMySql(random));
        return all;
    }

    private boolean isPostgres() {
        return dialect.engine().equals("postgresql");
    }

    private List<DrawnType> numbers(Random random) {
        int precision = 1 + random.nextInt(65);
        int scale = random.nextInt(Math.min(precision, 30) + 1);
        String digits = "(" + precision + "," + scale + ")";
        int bits = 2 + random.nextInt(63);
        String mark = isPostgres() ? "B" : "b";
        return List.of(
                both("smallint", "smallint", r -> "" + (short) DrawnValues.integer(r, 16))
                        .key(),
                both("integer", "int", r -> "" + (int) DrawnValues.integer(r, 32))
                        .key(),
                both("bigint", "bigint", r -> "" + DrawnValues.integer(r, 64)).key(),
                both("numeric" + digits, "decimal" + digits, r -> DrawnValues.decimal(r, precision, scale))
                        .key(),
                both("real", "float", r -> quoted(DrawnValues.real(r))),
                both("double precision", "double", r -> quoted(DrawnValues.doublePrecision(r))),
                both("bit(" + bits + ")", "bit(" + bits + ")", r -> mark + quoted(DrawnValues.bits(r, bits))));
    }

    private List<DrawnType> texts(Random random) {
        int length = 1 + random.nextInt(40);
        String size = "(" + length + ")";
        return List.of(
                both("character varying" + size, "varchar" + size, r -> literal(DrawnValues.text(r, length)))
                        .key(),
                both("character" + size, "char" + size, r -> literal(DrawnValues.padded(r, length)))
                        .key(),
                both("text", "longtext", r -> literal(DrawnValues.text(r, 3000))),
                both(
                        isPostgres() || random.nextBoolean() ? "jsonb" : "json",
                        "json",
                        r -> literal(DrawnValues.json(r, 3))));
    }

    private List<DrawnType> times(Random random) {
        String digits = "(" + random.nextInt(7) + ")";
        int places = digits.charAt(1) - '0';
        return List.of(
                both("date", "date", r -> quoted(DrawnValues.date(r))).key(),
                both("time" + digits, "time" + digits, r -> quoted(DrawnValues.time(r, places)))
                        .key(),
                both("timestamp" + digits, "datetime" + digits, r -> quoted(DrawnValues.timestamp(r, places)))
                        .key(),
                both("timestamptz" + digits, "timestamp" + digits, r -> quoted(moment(r, places)))
                        .key());
    }

    private String moment(Random random, int places) {
        if (!isPostgres()) return DrawnValues.recent(random, places);
        return (shared ? DrawnValues.recent(random, places) : DrawnValues.timestamp(random, places)) + "+00";
    }

    private List<DrawnType> ofPostgres(Random random) {
        int bits = 1 + random.nextInt(100);
        String varbit = "bit varying(" + bits + ")";
        return List.of(
                DrawnType.of(
                        varbit,
                        varbit,
                        "varchar(" + bits + ")",
                        r -> "B" + quoted(DrawnValues.bits(r, r.nextInt(bits + 1)))),
                DrawnType.of("json", "json", "json", r -> literal(DrawnValues.json(r, 3))),
                DrawnType.of("bytea", "bytea", "longblob", r -> "'\\x" + DrawnValues.octets(r, r.nextInt(3000)) + "'"),
                DrawnType.of("uuid", "uuid", "char(36)", r -> quoted(DrawnValues.uuid(r)))
                        .key(),
                DrawnType.of("interval", "interval", "varchar(100)", r -> quoted(DrawnValues.interval(r))),
                DrawnType.of("integer[]", "integer[]", "longtext", r -> quoted(DrawnValues.integers(r))),
                DrawnType.of("text[]", "text[]", "longtext", r -> literal(DrawnValues.texts(r))));
    }

    private List<DrawnType> ofMySql(Random random) {
        int length = 1 + random.nextInt(20);
        String size = "(" + length + ")";
        return List.of(
                DrawnType.of(
                                "binary" + size,
                                "bytea",
                                "binary" + size,
                                r -> "x" + quoted(DrawnValues.octets(r, length)))
                        .key(),
                DrawnType.of(
                                "varbinary" + size,
                                "bytea",
                                "varbinary" + size,
                                r -> "x" + quoted(DrawnValues.octets(r, r.nextInt(length + 1))))
                        .key(),
                DrawnType.of(
                        "longblob", "bytea", "longblob", r -> "x" + quoted(DrawnValues.octets(r, r.nextInt(3000)))),
                DrawnType.of(
                                "bigint unsigned",
                                "numeric(20,0)",
                                "bigint unsigned",
                                r -> Long.toUnsignedString(DrawnValues.integer(r, 64)))
                        .key(),
                DrawnType.of(
                                "int unsigned",
                                "bigint",
                                "int unsigned",
                                r -> "" + (DrawnValues.integer(r, 32) & 0xffffffffL))
                        .key(),
                DrawnType.of(
                        "varchar" + size + " character set latin1",
                        "text",
                        "varchar" + size,
                        r -> literal(DrawnValues.latin(r, length))));
    }

    private DrawnType both(String postgres, String mySql, Function<Random, String> values) {
        return DrawnType.of(isPostgres() ? postgres : mySql, postgres, mySql, values);
    }

    private String literal(String text) {
        return dialect.literal(text);
    }

    private static String quoted(String plain) {
        return "'" + plain + "'";
    }

    static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
