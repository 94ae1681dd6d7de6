package dev.lockstep.stream.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowDigest;
import java.time.Clock;
import java.util.List;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

final class VerdictsTest {

    private static final Topics TOPICS = new Topics("shop");

    @Test
    void countsWhatATaskThatIsAheadHasFoundAtTheBarrierThatItBelongsTo() throws Exception {
        ProvenTable items = ProvenTable.of(Shop.ITEMS);
        var verdicts = new Verdicts(List.of(items), 1, Reports.to(TOPICS, Clock.systemUTC()));
        try (var harness = new OneInputStreamOperatorTestHarness<TableDelta, Message>(verdicts)) {
            harness.open();
            harness.processElement(row(items), 1);
            harness.processElement(row(items), 11); // of the next barrier, before this one
            harness.processWatermark(10);
            harness.processElement(row(items), 12);
            harness.processWatermark(20);

            assertThat(harness.extractOutputValues().stream()
                            .filter(message -> message.topic().equals(TOPICS.verdicts()))
                            .map(message -> Messages.TABLE_VERDICT.decode(message.value()))
                            .map(TableVerdict::getRowsSource))
                    .containsExactly(1L, 3L);
        }
    }

    private static TableDelta row(ProvenTable table) {
        return new TableDelta(table.code(), Side.SOURCE, 1, 100, 1, new RowDigest(0, 5), 0);
    }
}
