package dev.lockstep.schemas.row;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * One column's value as the source stores it. What it is compared by is its canonical form, which {@link CanonicalEncoder}
 * writes: two engines' spellings of one value differ here and meet there.
 */
public sealed interface Value {

    /** SQL NULL; not the empty text, nor zero. */
    record Null() implements Value {}

    /** An integer; booleans are 0 and 1. */
    record Whole(long value) implements Value {}

    /** An exact number with a fraction or beyond a long. */
    record Exact(BigDecimal value) implements Value {}

    /** IEEE 754 binary32. */
    record Single(float value) implements Value {}

    /** IEEE 754 binary64. */
    record Double(double value) implements Value {}

    /** Character data of any kind: char, varchar, text, enum, uuid. */
    record Text(String value) implements Value {}

    /** Octets. The array is not copied: nobody changes it. */
    record Binary(byte[] value) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof Binary that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }
    }

    /** Days since 1970-01-01, proleptic Gregorian. */
    record Date(long epochDay) implements Value {}

    /** Microseconds since midnight. */
    record Time(long micros) implements Value {}

    /** Microseconds since 1970-01-01T00:00:00 on the wall clock, without a zone. */
    record LocalTimestamp(long micros) implements Value {}

    /** Microseconds since 1970-01-01T00:00:00Z. */
    record Instant(long micros) implements Value {}

    /** A JSON document as the source spells it. */
    record Json(String text) implements Value {}

    Null NULL = new Null();

    static Value of(boolean value) {
        return new Whole(value ? 1 : 0);
    }
}
