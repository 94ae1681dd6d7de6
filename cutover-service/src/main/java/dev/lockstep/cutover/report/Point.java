package dev.lockstep.cutover.report;

import dev.lockstep.schemas.message.Micros;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the chain stood at one time.
 *
 * @param verdicts how many it went over
 * @param barrierMicros the barrier of the last of them
 * @param unequal how many of the tables judged at that barrier so far were not equal
 * @param link the chain's
 */
public record Point(long verdicts, long barrierMicros, long unequal, String link) {

    private static final int LINK = 64;

    Instant barrier() {
        return Micros.toInstant(barrierMicros);
    }

    String line() {
        return verdicts + " " + barrierMicros + " " + unequal + " " + link + "\n";
    }

    /** Empty for what is no such line, as the end of one that a kill cut off. */
    static Optional<Point> parse(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 4 || parts[3].length() != LINK) return Optional.empty();
        try {
            return Optional.of(
                    new Point(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
