package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuietHoursTest {

    private static final Instant NOON = Instant.parse("2026-05-01T10:00:00Z"); // in Berlin
    private static final Duration LOOK = Duration.ofSeconds(4);

    @TempDir
    Path state;

    private long captured = 1_000_000;

    @Test
    void namesTheHourWithTheFewestWritesOfThoseMeasured() {
        QuietHours hours = open();
        measure(hours, NOON, Duration.ofHours(1), 100);
        measure(hours, NOON.plus(Duration.ofHours(1)), Duration.ofHours(1), 3);
        measure(hours, NOON.plus(Duration.ofHours(24)), Duration.ofHours(1), 50);

        assertThat(hours.quietest()).hasValueSatisfying(quiet -> {
            assertThat(quiet.hour()).isEqualTo("13:00-14:00 Europe/Berlin");
            assertThat(quiet.rowsPerSecond()).isBetween(2.9, 3.1);
            assertThat(quiet.busiestRowsPerSecond()).as("of both noons").isBetween(74.0, 76.0);
            assertThat(quiet.measuredHours()).isEqualTo(2);
        });
    }

    @Test
    void saysNothingOfHoursThatWereHardlyMeasured() {
        QuietHours hours = open();
        measure(hours, NOON, Duration.ofHours(1), 100);
        measure(hours, NOON.plus(Duration.ofHours(1)), Duration.ofMinutes(29), 0);

        assertThat(hours.quietest()).isEmpty();
    }

    @Test
    void leavesOutWhatCameWhileNobodyLooked() {
        QuietHours hours = open();
        measure(hours, NOON, Duration.ofHours(1), 10);
        captured += 1_000_000; // by night
        measure(hours, NOON.plus(Duration.ofHours(20)), Duration.ofHours(1), 20);

        assertThat(hours.quietest().map(Status.QuietHour::busiestRowsPerSecond))
                .hasValueSatisfying(busiest -> assertThat(busiest).isBetween(19.0, 21.0));
    }

    @Test
    void remembersEarlierRunsAndBeginsAnewWhereTheFileIsBroken() throws Exception {
        QuietHours first = open();
        measure(first, NOON, Duration.ofHours(2), 10);
        first.look(NOON.plus(Duration.ofHours(3)), captured);

        assertThat(open().quietest()).isEqualTo(first.quietest()).isPresent();

        Files.writeString(state.resolve("writes-by-hour.json"), "nonsense");
        assertThat(open().quietest()).isEmpty();
    }

    private QuietHours open() {
        return QuietHours.open(state, ZoneId.of("Europe/Berlin"));
    }

    private void measure(QuietHours hours, Instant from, Duration time, long perSecond) {
        hours.look(from, captured);
        for (Instant at = from.plus(LOOK); !at.isAfter(from.plus(time)); at = at.plus(LOOK)) {
            captured += perSecond * LOOK.toSeconds();
            hours.look(at, captured);
        }
    }
}
