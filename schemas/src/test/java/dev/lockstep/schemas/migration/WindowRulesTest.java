package dev.lockstep.schemas.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowRulesTest {

    private static final WindowRules NIGHTS = new WindowRules(List.of("mon", "tue"), "01:00-05:00", "Europe/Berlin");
    private static final WindowRules OVER_MIDNIGHT = new WindowRules(List.of("Sat"), "22:30-04:00", "Europe/Berlin");

    @Test
    void isOpenWithinItsHoursInItsZoneAlone() {
        assertThat(isOpen(NIGHTS, "2026-06-01T00:59:59+02:00")).isFalse(); // a Monday
        assertThat(isOpen(NIGHTS, "2026-06-01T01:00:00+02:00")).isTrue();
        assertThat(isOpen(NIGHTS, "2026-06-01T04:59:59.999+02:00")).isTrue();
        assertThat(isOpen(NIGHTS, "2026-06-01T05:00:00+02:00")).isFalse();
        assertThat(isOpen(NIGHTS, "2026-06-01T01:00:00Z")).isTrue();
        assertThat(isOpen(NIGHTS, "2026-06-01T03:30:00Z")).isFalse();
        assertThat(isOpen(NIGHTS, "2026-06-03T02:00:00+02:00")).isFalse(); // a Wednesday
    }

    @Test
    void overMidnightBelongsToTheDayOnWhichItOpens() {
        assertThat(isOpen(OVER_MIDNIGHT, "2026-06-06T22:30:00+02:00")).isTrue(); // a Saturday
        assertThat(isOpen(OVER_MIDNIGHT, "2026-06-07T03:59:00+02:00")).isTrue();
        assertThat(isOpen(OVER_MIDNIGHT, "2026-06-07T04:00:00+02:00")).isFalse();
        assertThat(isOpen(OVER_MIDNIGHT, "2026-06-06T03:00:00+02:00")).isFalse();
        assertThat(isOpen(OVER_MIDNIGHT, "2026-06-07T23:00:00+02:00")).isFalse();
    }

    @Test
    void keepsToTheClocksOfItsZoneWhereTheyChange() {
        // 29 March 2026, a Sunday: 02:00 is 03:00. 25 October, a Sunday: 03:00 is 02:00 once more.
        WindowRules sundays = new WindowRules(List.of("sun"), "01:00-05:00", "Europe/Berlin");
        assertThat(isOpen(sundays, "2026-03-29T02:59:00Z")).isTrue();
        assertThat(isOpen(sundays, "2026-03-29T03:00:00Z")).isFalse();
        assertThat(isOpen(sundays, "2026-10-24T23:00:00Z")).isTrue();
        assertThat(isOpen(sundays, "2026-10-25T03:59:00Z")).isTrue();
        assertThat(isOpen(sundays, "2026-10-25T04:00:00Z")).isFalse();
    }

    @Test
    void endsAtTheFirstOfTwoEqualTimesAndIsShutWhereClocksLeaveItOut() {
        WindowRules doubled = new WindowRules(List.of("sun"), "01:30-02:30", "Europe/Berlin");
        assertThat(isOpen(doubled, "2026-10-25T00:29:00Z")).isTrue();
        assertThat(isOpen(doubled, "2026-10-25T00:30:00Z")).isFalse();
        assertThat(isOpen(doubled, "2026-10-25T01:15:00Z")).isFalse();
        WindowRules leftOut = new WindowRules(List.of("sun"), "02:30-03:30", "Europe/Berlin");
        assertThat(isOpen(leftOut, "2026-03-29T01:30:00Z")).isFalse();
        assertThat(leftOut.opensAfter(Instant.parse("2026-03-28T12:00:00Z")))
                .contains(Instant.parse("2026-04-05T00:30:00Z"));
    }

    @Test
    void saysWhenItOpensNext() {
        assertThat(NIGHTS.opensAfter(Instant.parse("2026-06-02T02:00:00Z")))
                .contains(Instant.parse("2026-06-07T23:00:00Z"));
        assertThat(OVER_MIDNIGHT.opensAfter(Instant.parse("2026-06-06T12:00:00Z")))
                .contains(Instant.parse("2026-06-06T20:30:00Z"));
    }

    @Test
    void isTheWholeDayEveryDayInUtcUnlessTheFileSaysOtherwise() {
        WindowRules all = new WindowRules(List.of(), null, null);
        assertThat(isOpen(all, "2026-06-01T00:00:00Z")).isTrue();
        assertThat(isOpen(all, "2026-06-01T23:59:59Z")).isTrue();
        assertThat(all).hasToString("00:00-24:00 UTC");
        assertThat(NIGHTS).hasToString("mon, tue 01:00-05:00 Europe/Berlin");
    }

    @Test
    void refusesWhatIsNoWindow() {
        assertThatThrownBy(() -> new WindowRules(List.of("monday"), null, null))
                .hasMessage("cutover.window.days: of mon, tue, wed, thu, fri, sat, sun, not 'monday'");
        for (String wrong : List.of("1-5", "05:00-05:00", "25:00-26:00", "01:00"))
            assertThatThrownBy(() -> new WindowRules(List.of(), wrong, null))
                    .hasMessageContaining("such as 01:00-05:00")
                    .hasMessageContaining("'" + wrong + "'");
        assertThatThrownBy(() -> new WindowRules(List.of(), null, "Berlin"))
                .hasMessageContaining("Europe/Berlin or UTC, not 'Berlin'");
    }

    private static boolean isOpen(WindowRules window, String at) {
        return window.isOpen(
                Instant.from(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(at.replace("Z", "+00:00"))));
    }
}
