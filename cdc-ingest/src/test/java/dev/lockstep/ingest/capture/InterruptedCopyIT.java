package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptedCopyIT {

    private static final Topics TOPICS = new Topics("interrupted");

    @TempDir
    Path directory;

    @Test
    void refusesToGoOnFromWithinACopyAndNotFromBehindOne() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            assertThatCode(() -> refuse(kafka)).as("nothing copied yet").doesNotThrowAnyException();

            send(producer, Operation.READ);
            assertThatThrownBy(() -> refuse(kafka))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("empty the target's tables");

            send(producer, Operation.UPDATE);
            assertThatCode(() -> refuse(kafka)).as("the stream has begun").doesNotThrowAnyException();
        }
    }

    private static void refuse(EmbeddedKafka kafka) {
        InterruptedCopy.refuse(kafka.bootstrap(), TOPICS, Side.SOURCE, 1);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Operation operation) {
        Row row = new Row(List.of(new Value.Whole(1)));
        producer.send(new ProducerRecord<>(
                TOPICS.sourceChanges(),
                0,
                Messages.encode(new RowKey("t.t", row.values())),
                Messages.encode(new ChangeEvent("t.t", operation, null, row, Position.SNAPSHOT, null))));
        producer.flush();
    }
}
