package dev.lockstep.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.ChangeEventMessage;
import dev.lockstep.schemas.avro.CopyChunkMessage;
import dev.lockstep.schemas.avro.CopyPlanMessage;
import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.DeadLetter;
import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.RowDifference;
import dev.lockstep.schemas.avro.RowKeyMessage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableScan;
import dev.lockstep.schemas.avro.TableSchema;
import dev.lockstep.schemas.avro.TableVerdict;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {

    static Stream<Class<? extends SpecificRecordBase>> messages() {
        return Stream.of(
                ChangeEventMessage.class,
                CopyChunkMessage.class,
                CopyPlanMessage.class,
                CutoverEvent.class,
                DeadLetter.class,
                Mismatch.class,
                RowDifference.class,
                RowKeyMessage.class,
                StageReport.class,
                TableScan.class,
                TableSchema.class,
                TableVerdict.class);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void keepsEveryVersionOfASchemaThePresentOneLast(Class<? extends SpecificRecordBase> message) {
        Schema present = SpecificData.get().getSchema(message);

        List<Schema> versions = SchemaHistory.of(message);

        assertThat(versions)
                .as(
                        "a changed schema gets a file of its own, %s-%d.avsc:%n%s",
                        message.getSimpleName(), versions.size() + 1, present.toString(true))
                .isNotEmpty()
                .last()
                .isEqualTo(present);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatEveryVersionHasWritten(Class<? extends SpecificRecordBase> message) throws Exception {
        Codec<? extends SpecificRecordBase> codec = new Codec<>(message);

        for (Schema version : SchemaHistory.of(message)) {
            var encoder = new BinaryMessageEncoder<Object>(GenericData.get(), version);
            for (Object written : new RandomData(version, 50, 7)) {
                ByteBuffer bytes = encoder.encode(written);
                assertThat(codec.decode(bytes.array())).isInstanceOf(message);
            }
        }
    }
}
