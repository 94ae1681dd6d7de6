package dev.lockstep.cutover.gate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Figures for people. */
public final class Units {

    private Units() {}

    /** Milliseconds below a second, {@code 850 ms}; seconds above, {@code 2.4 s}. Rounded up, so that what exceeds a limit reads so. */
    public static String of(Duration duration) {
        BigDecimal millis = BigDecimal.valueOf(duration.getSeconds())
                .movePointRight(9)
                .add(BigDecimal.valueOf(duration.getNano()))
                .movePointLeft(6)
                .setScale(0, RoundingMode.CEILING);
        if (millis.abs().compareTo(BigDecimal.valueOf(1000)) < 0) return millis.toPlainString() + " ms";
        return millis.movePointLeft(3).stripTrailingZeros().toPlainString() + " s";
    }

    /** {@code 1 row}, {@code 2 rows}. */
    static String of(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
