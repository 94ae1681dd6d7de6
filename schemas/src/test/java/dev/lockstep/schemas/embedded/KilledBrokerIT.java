package dev.lockstep.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A broker killed with SIGKILL amid many transactions, so that some of them were just being committed. */
class KilledBrokerIT {

    private static final String TOPIC = "busy";
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1));
    private static final List<String> PRODUCERS =
            IntStream.range(0, 8).mapToObj(i -> "producer-" + i).toList();

    @TempDir
    Path directory;

    @RepeatedTest(2)
    void leavesNoTransactionThatHangs() throws Exception {
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusyBroker.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(broker.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.lines().anyMatch(BusyBroker.BUSY::equals)).isTrue();
        } finally {
            broker.destroyForcibly().waitFor();
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.fenceProducers(PRODUCERS).all().get();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(ends(admin, IsolationLevel.READ_COMMITTED))
                            .isEqualTo(ends(admin, IsolationLevel.READ_UNCOMMITTED)));
            assertThat(ends(admin, IsolationLevel.READ_COMMITTED)).allMatch(end -> end > BusyBroker.TRANSACTIONS);
        }
    }

    private static List<Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (TopicPartition partition : PARTITIONS) latest.put(partition, OffsetSpec.latest());
        var ends = admin.listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get();
        return PARTITIONS.stream()
                .map(partition -> ends.get(partition).offset())
                .toList();
    }

    /** The process to kill. */
    static final class BusyBroker {

        static final String BUSY = "busy";
        static final int TRANSACTIONS = 100;

        public static void main(String[] arguments) throws Exception {
            EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]));
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS.size(), (short) 1)))
                        .all()
                        .get();
            }
            CountDownLatch busy = new CountDownLatch(TRANSACTIONS);
            for (String producer : PRODUCERS)
                new Thread(() -> commitForEver(kafka.bootstrap(), producer, busy)).start();
            busy.await();
            System.out.println(BUSY);
        }

        private static void commitForEver(String bootstrap, String id, CountDownLatch busy) {
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap, "transactional.id", id),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.initTransactions();
                while (true) {
                    producer.beginTransaction();
                    for (TopicPartition partition : PARTITIONS)
                        producer.send(new ProducerRecord<>(TOPIC, partition.partition(), id, "value"));
                    producer.commitTransaction();
                    busy.countDown();
                }
            }
        }
    }
}
