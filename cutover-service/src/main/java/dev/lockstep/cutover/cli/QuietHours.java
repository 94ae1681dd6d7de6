package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import dev.lockstep.cutover.api.Status;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many row changes the source makes by the hour of the day, on all days together, and so which hour suits a cutover. Only what was measured while
 * the migration followed counts; an hour counts once half of one has been. Kept in the state directory.
 */
final class QuietHours {

    private static final Logger LOG = LoggerFactory.getLogger(QuietHours.class);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(5);
    private static final Duration SAVE_EVERY = Duration.ofMinutes(1);
    private static final long ENOUGH_MILLIS = Duration.ofMinutes(30).toMillis();

    /** With fewer there is nothing to choose from. */
    private static final int FEWEST = 2;

    private static final int HOURS = 24;

    private final Path file;
    private final ZoneId zone;
    private final long[] rows = new long[HOURS];
    private final long[] millis = new long[HOURS];
    private Instant lookedAt = Instant.EPOCH;
    private Instant savedAt = Instant.EPOCH;
    private long lookedRows;

    private QuietHours(Path file, ZoneId zone) {
        this.file = file;
        this.zone = zone;
    }

    /** With what earlier runs measured. */
    static QuietHours open(Path state, ZoneId zone) {
        QuietHours hours = new QuietHours(state.resolve("writes-by-hour.json"), zone);
        try {
            StateFile.read(hours.file, Measured.class).ifPresent(hours::goOn);
        } catch (RuntimeException e) {
            LOG.warn("writes by hour are counted anew: error={}", e.toString());
        }
        return hours;
    }

    /** By the hour of the day. */
    private record Measured(List<Long> rows, List<Long> millis) {

        Measured {
            if (rows.size() != HOURS || millis.size() != HOURS) throw new IllegalArgumentException("not of one day");
        }
    }

    private void goOn(Measured before) {
        for (int hour = 0; hour < HOURS; hour++) {
            rows[hour] = before.rows().get(hour);
            millis[hour] = before.millis().get(hour);
        }
    }

    /**
     * @param capturedRows in all; what came between two looks that are far apart is not known to belong to an hour, and left out
     */
    synchronized void look(Instant now, long capturedRows) {
        Duration gap = Duration.between(lookedAt, now);
        if (!gap.isNegative() && gap.compareTo(LONGEST_GAP) <= 0 && capturedRows >= lookedRows) {
            int hour = lookedAt.atZone(zone).getHour();
            rows[hour] += capturedRows - lookedRows;
            millis[hour] += gap.toMillis();
        }
        lookedAt = now;
        lookedRows = capturedRows;
        if (savedAt.plus(SAVE_EVERY).isBefore(now)) save(now);
    }

    private void save(Instant now) {
        savedAt = now;
        try {
            StateFile.write(
                    file,
                    new Measured(
                            Arrays.stream(rows).boxed().toList(),
                            Arrays.stream(millis).boxed().toList()));
        } catch (UncheckedIOException e) {
            LOG.warn("writes by hour are not saved: error={}", e.toString());
        }
    }

    /** The measured hour with the fewest writes; empty: too few are measured. */
    synchronized Optional<Status.QuietHour> quietest() {
        List<Integer> measured = IntStream.range(0, HOURS)
                .filter(hour -> millis[hour] >= ENOUGH_MILLIS)
                .boxed()
                .toList();
        if (measured.size() < FEWEST) return Optional.empty();
        return measured.stream()
                .min(Comparator.comparingDouble(this::perSecond))
                .map(hour -> new Status.QuietHour(
                        LocalTime.of(hour, 0) + "-" + LocalTime.of((hour + 1) % HOURS, 0) + " " + zone.getId(),
                        perSecond(hour),
                        measured.stream().mapToDouble(this::perSecond).max().orElse(0),
                        measured.size()));
    }

    private double perSecond(int hour) {
        return rows[hour] * 1000.0 / millis[hour];
    }
}
