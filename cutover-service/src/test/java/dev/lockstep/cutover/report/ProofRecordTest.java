package dev.lockstep.cutover.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record over kills, which leave what was not saved behind. */
class ProofRecordTest {

    @TempDir
    Path directory;

    private ProofRecord opened() {
        return ProofRecord.open("127.0.0.1:1", new Topics("shop"), directory);
    }

    /** From where the record says on, as its reader would. */
    private static void read(ProofRecord record, List<TableVerdict> topic) {
        for (int i = (int) record.verdictOffset(); i < topic.size(); i++)
            record.verdict(new ConsumerRecord<>("verdicts", 0, i, null, Messages.TABLE_VERDICT.encode(topic.get(i))));
    }

    private static RecordView view(ProofRecord record) throws Exception {
        return record.view(0, Duration.ZERO);
    }

    @Test
    void aKillBetweenTwoSavesChangesNothing() throws Exception {
        List<TableVerdict> topic = Verdicts.equal(20);
        ProofRecord first = opened();
        read(first, topic.subList(0, 11));
        first.save();
        read(first, topic.subList(0, 31));
        view(first); // writes a point that is never saved

        ProofRecord second = opened();
        assertThat(second.verdictOffset()).isEqualTo(11);
        read(second, topic);
        RecordView after = view(second);

        VerdictBook straight = VerdictBook.begin("shop");
        topic.forEach(straight::add);
        assertThat(after.breaks()).isEmpty();
        assertThat(after.points().get(after.points().size() - 1)).isEqualTo(straight.point());
        assertThat(after.points()).extracting(Point::verdicts).isSorted().doesNotHaveDuplicates();
        assertThat(after.tables()).isEqualTo(straight.tables());
    }

    @Test
    void aVerdictThatBecameAnotherBeforeTheRestartIsNoticed() throws Exception {
        List<TableVerdict> topic = Verdicts.equal(20);
        ProofRecord first = opened();
        read(first, topic.subList(0, 11));
        first.save();
        read(first, topic);
        view(first);

        topic.set(20, Verdicts.verdict("shop.item", topic.get(20).getBarrierMicros(), 1, 1));
        ProofRecord second = opened();
        read(second, topic);

        assertThat(view(second).breaks())
                .isNotEmpty()
                .allSatisfy(said -> assertThat(said).contains("were chained as"));
    }

    @Test
    void aChainThatWasCutShortIsNoticed() throws Exception {
        ProofRecord first = opened();
        read(first, Verdicts.equal(20));
        first.save();
        Path chain = directory.resolve("chain");
        List<String> lines = Files.readAllLines(chain);
        Files.write(chain, lines.subList(0, lines.size() - 1));

        assertThat(view(opened()).breaks())
                .singleElement()
                .satisfies(said -> assertThat(said).contains("lacks the link after verdict 40"));
    }
}
