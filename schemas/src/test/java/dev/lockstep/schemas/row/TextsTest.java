package dev.lockstep.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 00:00:00.000000",
        "86399999999, 23:59:59.999999",
        "-1, -00:00:00.000001",
        "3020399000000, 838:59:59.000000",
        "-3020399000000, -838:59:59.000000",
        "25500000001, 07:05:00.000001"
    })
    void timesAreSpelledWithTheirMicroseconds(long micros, String text) {
        assertThat(Texts.time(micros)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1969-12-31T23:59:59.999999, 1969-12-31 23:59:59.999999",
        "2026-11-22T07:05:00.000001, 2026-11-22 07:05:00.000001",
        "0001-01-01T00:00:00, 0001-01-01 00:00:00.000000",
        "-0043-03-15T12:00:00, -0043-03-15 12:00:00.000000",
        "+12000-01-01T00:00:00, +12000-01-01 00:00:00.000000"
    })
    void timestampsAreSpelledInIsoDaysAtAnyAge(LocalDateTime timestamp, String text) {
        assertThat(Texts.timestamp(Texts.micros(timestamp))).isEqualTo(text);
    }

    @Test
    void aTimestampAndItsMicrosecondsAreInverse() {
        long micros = LocalDateTime.of(1, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000 + 1;
        assertThat(Texts.micros(LocalDateTime.parse(Texts.timestamp(micros).replace(' ', 'T'))))
                .isEqualTo(micros);
    }
}
