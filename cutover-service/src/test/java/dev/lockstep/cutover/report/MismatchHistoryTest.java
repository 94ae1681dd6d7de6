package dev.lockstep.cutover.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MismatchHistoryTest {

    private static final Instant HEALED = Instant.parse("2026-11-24T00:00:00Z");

    private final MismatchHistory history = new MismatchHistory(List.of(), 0);
    private final RowKey key = new RowKey("shop.item", List.of(new Value.Whole(7)));

    private void report(long firstSeen, long barrier) {
        Mismatch found = new Mismatch("shop.item", key.display(), MismatchKind.DIFFERS, null, null, firstSeen, barrier);
        history.add(Messages.encode(key), Messages.MISMATCH.encode(found), HEALED);
    }

    private void heal(Instant at) {
        history.add(Messages.encode(key), null, at);
    }

    @Test
    void aRowOpensHealsAndOpensAgainWhateverIsRepeated() {
        report(10, 10);
        report(10, 12);
        heal(HEALED);
        report(10, 12);
        heal(HEALED.plusSeconds(5));
        report(20, 20);

        assertThat(history.episodes()).hasSize(2);
        assertThat(history.episodes().get(0).healed()).isEqualTo(HEALED);
        assertThat(history.episodes().get(1).healed()).isNull();
        assertThat(history.leftOut()).isZero();
    }
}
