package dev.lockstep.cutover.report;

import dev.lockstep.schemas.message.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads verdicts and mismatches into the record, on a thread of its own; a Kafka that is away is tried again. */
final class RecordReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration SAVE = Duration.ofSeconds(10);

    private final String bootstrap;
    private final TopicPartition verdicts;
    private final TopicPartition mismatches;
    private final ProofRecord record;
    private final Thread thread = new Thread(this::run, "proof-record");
    private volatile boolean stopped;
    private long cameNanos = System.nanoTime();
    private long savedNanos = System.nanoTime();

    RecordReader(String bootstrap, Topics topics, ProofRecord record) {
        this.bootstrap = bootstrap;
        this.record = record;
        verdicts = new TopicPartition(topics.verdicts(), 0);
        mismatches = new TopicPartition(topics.mismatches(), 0);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                read();
            } catch (RuntimeException e) {
                LOG.warn("the record of the proof waits; trying again: error={}", e.toString());
                pause();
            }
        }
    }

    private void read() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("enable.auto.commit", "false");
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(verdicts, mismatches));
            noteWhatIsGone(consumer);
            consumer.seek(verdicts, record.verdictOffset());
            consumer.seek(mismatches, record.mismatchOffset());
            while (!stopped) take(consumer.poll(POLL));
        }
    }

    private void noteWhatIsGone(KafkaConsumer<byte[], byte[]> consumer) {
        long wanted = record.verdictOffset();
        long first = consumer.beginningOffsets(List.of(verdicts)).getOrDefault(verdicts, 0L);
        long end = consumer.endOffsets(List.of(verdicts)).getOrDefault(verdicts, 0L);
        if (first > wanted)
            record.breakAt("the verdicts at the offsets " + wanted + " to " + (first - 1) + " of topic "
                    + verdicts.topic() + " were gone before they were chained");
        if (end < wanted)
            record.breakAt("topic " + verdicts.topic() + " ends at offset " + end + ", and the verdicts up to " + wanted
                    + " were chained");
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> message : records.records(verdicts)) record.verdict(message);
        for (ConsumerRecord<byte[], byte[]> message : records.records(mismatches)) record.mismatch(message);
        if (!records.isEmpty()) cameNanos = now;
        else if (now - cameNanos > QUIET.toNanos()) record.mark();
        if (now - savedNanos < SAVE.toNanos()) return;
        record.save();
        savedNanos = now;
    }

    private void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
