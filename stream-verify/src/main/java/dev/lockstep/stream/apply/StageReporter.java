package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.message.Messages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the lag topology which barriers a lane has reached. A report that cannot be sent is logged and left out: applying goes on,
 * and the lag grows until a later one arrives.
 */
final class StageReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StageReporter.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int lane;

    StageReporter(ApplyConfig config) {
        topic = config.topics().stages();
        lane = config.lane();
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap(),
                        ProducerConfig.LINGER_MS_CONFIG, 0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, 2000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void reached(Stage stage, long barrierMicros, long reachedMicros, long rows, long bytes) {
        byte[] key = (stage + "/" + lane).getBytes(StandardCharsets.UTF_8);
        StageReport report = new StageReport(stage, lane, barrierMicros, reachedMicros, rows, bytes);
        producer.send(new ProducerRecord<>(topic, key, Messages.STAGE_REPORT.encode(report)), (sent, error) -> {
            if (error != null)
                LOG.atWarn()
                        .addKeyValue("lane", lane)
                        .addKeyValue("stage", stage)
                        .log("cannot report a barrier: {}", error.getMessage());
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
