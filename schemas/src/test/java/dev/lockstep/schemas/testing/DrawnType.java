package dev.lockstep.schemas.testing;

import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column's type that was drawn, with what draws its values.
 *
 * @param type as a column declares it
 * @param postgres a type of PostgreSQL that holds the values too, null where there is none
 * @param mySql the same of MySQL and MariaDB
 * @param keyable whether it may be part of a key on every engine
 * @param values draws an SQL expression: two that are spelled differently are different values
 */
record DrawnType(
        String type,
        @Nullable String postgres,
        @Nullable String mySql,
        boolean keyable,
        Function<Random, String> values) {

    static DrawnType of(
            String type, @Nullable String postgres, @Nullable String mySql, Function<Random, String> values) {
        return new DrawnType(type, postgres, mySql, false, values);
    }

    DrawnType key() {
        return new DrawnType(type, postgres, mySql, true, values);
    }

    /** As a column of this engine declares it; null where it has no such type. */
    @Nullable
    String on(String engine, String from) {
        if (engine.equals(from)) return type;
        return engine.equals("postgresql") ? postgres : mySql;
    }
}
