package dev.lockstep.schemas.testing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random values, each spelled in one way only. */
final class DrawnValues {

    private static final int[] SIGNS =
            "aZ09 \t\n'\"\\`%_;:,{}[]$?\u0001\u00e9\u00df\u00c4\u0301\u200b\u4e2d\ufffd\ud83d\ude80\ud834\udd1e"
                    .codePoints()
                    .toArray();
    private static final int[] LATIN_SIGNS =
            "aZ09 '\"\\\u00e9\u00df\u00c4\u00ff\u20ac\u0178".codePoints().toArray();
    private static final long MICROS_OF_DAY = 86_400_000_000L;

    private DrawnValues() {}

    /** As many bits as drawn, so that small ones and those of the full width are equally likely; and the ends. */
    static long integer(Random random, int bits) {
        return switch (random.nextInt(8)) {
            case 0 -> -1L << (bits - 1);
            case 1 -> (-1L << (bits - 1)) - 1;
            case 2 -> 0;
            default -> random.nextLong() >> (64 - 1 - random.nextInt(bits));
        };
    }

    static String decimal(Random random, int precision, int scale) {
        BigInteger limit = BigInteger.TEN.pow(1 + random.nextInt(precision));
        BigInteger digits = random.nextInt(8) == 0
                ? limit.subtract(BigInteger.ONE)
                : new BigInteger(limit.bitLength() + 8, random).mod(limit);
        BigDecimal value = new BigDecimal(random.nextBoolean() ? digits : digits.negate(), scale);
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    static String real(Random random) {
        return until(() -> Float.intBitsToFloat(random.nextInt()), Float::isFinite)
                .toString();
    }

    static String doublePrecision(Random random) {
        return until(() -> Double.longBitsToDouble(random.nextLong()), Double::isFinite)
                .toString();
    }

    private static <T> T until(Supplier<T> draw, Predicate<T> fits) {
        return Stream.generate(draw).filter(fits).findFirst().orElseThrow();
    }

    static String bits(Random random, int length) {
        return random.ints(length, 0, 2).mapToObj(Integer::toString).collect(Collectors.joining());
    }

    static String octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        // zeros at the end are what binary(n) loses in the log
        if (random.nextBoolean()) Arrays.fill(octets, random.nextInt(length + 1), length, (byte) 0);
        return HexFormat.of().formatHex(octets);
    }

    static String text(Random random, int atMost) {
        return text(random, atMost, SIGNS);
    }

    static String latin(Random random, int atMost) {
        return text(random, atMost, LATIN_SIGNS);
    }

    /** Without blanks at its end, which are no part of a {@code char(n)}. */
    static String padded(Random random, int atMost) {
        return text(random, atMost).replaceFirst(" +$", "");
    }

    private static String text(Random random, int atMost, int[] signs) {
        int[] drawn = IntStream.generate(() -> signs[random.nextInt(signs.length)])
                .limit(random.nextInt(atMost + 1))
                .toArray();
        return new String(drawn, 0, drawn.length);
    }

    static String json(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> "null";
            case 1 -> Boolean.toString(random.nextBoolean());
            case 2 -> Long.toString(integer(random, 64));
            case 3 -> decimal(random, 15, 7);
            case 4 -> jsonText(text(random, 12));
            case 5 ->
                Stream.generate(() -> json(random, depth - 1))
                        .limit(random.nextInt(4))
                        .collect(Collectors.joining(", ", "[", "]"));
            default ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> jsonText("k" + i + "\u00e9") + ": " + json(random, depth - 1))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static String jsonText(String text) {
        return text.codePoints()
                .mapToObj(sign -> sign < ' '
                        ? String.format(Locale.ROOT, "\\u%04x", sign)
                        : sign == '"' || sign == '\\' ? "\\" + (char) sign : Character.toString(sign))
                .collect(Collectors.joining("", "\"", "\""));
    }

    static String uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    static String date(Random random) {
        return LocalDate.ofEpochDay(between(
                        random,
                        LocalDate.of(1000, 1, 1).toEpochDay(),
                        LocalDate.of(9999, 12, 31).toEpochDay()))
                .toString();
    }

    static String time(Random random, int places) {
        return clock(between(random, 0, MICROS_OF_DAY - 1), places);
    }

    /** From the year 1000 to 9999. */
    static String timestamp(Random random, int places) {
        return LocalDate.parse(date(random)) + " " + time(random, places);
    }

    /** What MySQL's {@code timestamp} holds. */
    static String recent(Random random, int places) {
        long seconds = between(random, 1, Integer.MAX_VALUE - 1);
        LocalDateTime moment = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        return moment.toLocalDate() + " "
                + clock(moment.toLocalTime().toSecondOfDay() * 1_000_000L + random.nextInt(1_000_000), places);
    }

    private static String clock(long micros, int places) {
        long seconds = micros / 1_000_000;
        String text = String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
        String fraction = String.format(Locale.ROOT, "%06d", micros % 1_000_000).substring(0, places);
        return places == 0 ? text : text + "." + fraction;
    }

    static String interval(Random random) {
        return (random.nextInt(2000) - 1000) + " mons " + (random.nextInt(2000) - 1000) + " days "
                + (random.nextBoolean() ? "" : "-") + clock(between(random, 1, 90 * MICROS_OF_DAY), 6);
    }

    static String integers(Random random) {
        return Stream.generate(() -> random.nextInt(6) == 0 ? "NULL" : "" + (int) integer(random, 32))
                .limit(random.nextInt(6))
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String texts(Random random) {
        return Stream.generate(() -> random.nextInt(6) == 0
                        ? "NULL"
                        : '"' + text(random, 8).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .limit(random.nextInt(6))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static long between(Random random, long least, long most) {
        return switch (random.nextInt(10)) {
            case 0 -> least;
            case 1 -> most;
            default -> least + Math.floorMod(random.nextLong(), most - least + 1);
        };
    }
}
