package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.Value;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Brings keys near each other where the database has them near each other: rows that are written in the order of their key meet each page
 * of table and index once. It need not be the database's own order exactly, only one that all keys of a table can be sorted by.
 */
final class KeyOrder implements Comparator<List<Value>> {

    static final KeyOrder INSTANCE = new KeyOrder();

    private KeyOrder() {}

    @Override
    public int compare(List<Value> one, List<Value> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = compare(one.get(i), other.get(i));
            if (order != 0) return order;
        }
        return 0;
    }

    private static int compare(Value one, Value other) {
        if (one instanceof Value.Whole a && other instanceof Value.Whole b) return Long.compare(a.value(), b.value());
        if (one instanceof Value.Text a && other instanceof Value.Text b)
            return a.value().compareTo(b.value());
        if (isNumber(one) && isNumber(other)) return number(one).compareTo(number(other));
        if (one instanceof Value.LocalTimestamp a && other instanceof Value.LocalTimestamp b)
            return Long.compare(a.micros(), b.micros());
        if (one instanceof Value.Instant a && other instanceof Value.Instant b)
            return Long.compare(a.micros(), b.micros());
        if (one instanceof Value.Date a && other instanceof Value.Date b)
            return Long.compare(a.epochDay(), b.epochDay());
        if (one instanceof Value.Binary a && other instanceof Value.Binary b)
            return Arrays.compareUnsigned(a.value(), b.value());
        return family(one).compareTo(family(other)); // within another family as they come
    }

    /** A column may hold values of several classes: a date that no calendar has, or a number that is none, is carried as text. */
    private static String family(Value value) {
        return isNumber(value) ? "" : value.getClass().getName();
    }

    private static boolean isNumber(Value value) {
        return value instanceof Value.Whole || value instanceof Value.Exact;
    }

    private static BigDecimal number(Value value) {
        return value instanceof Value.Whole v ? BigDecimal.valueOf(v.value()) : ((Value.Exact) value).value();
    }
}
