package dev.lockstep.ingest.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.row.Texts;
import java.time.LocalDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTimeTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T07:05:09Z, 2026-11-22T07:05:09",
        "2026-11-22T07:05:09.25Z, 2026-11-22T07:05:09.25",
        "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999",
        "0001-01-01T00:00:00.000001999Z, 0001-01-01T00:00:00.000001",
        "2026-11-22T07:05:09+02:00, 2026-11-22T05:05:09",
        "-0043-03-15T12:00:00Z, -0043-03-15T12:00:00",
        "+12026-11-22T07:05:09.5Z, +12026-11-22T07:05:09.5"
    })
    void momentsAreReadToTheMicrosecond(String text, LocalDateTime inUtc) {
        assertThat(RecordTime.micros(text)).isEqualTo(Texts.micros(inUtc));
    }
}
