package dev.lockstep.stream.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LagMonitorIT {

    @TempDir
    static Path dir;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(dir.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void showsAReportWithinAFractionOfASecondAndCarriesOnAfterARestart() {
        Topics topics = topics("restart");
        try (LagMonitor monitor = LagMonitor.start(config(topics))) {
            // given
            awaitRunning(monitor);
            assertThat(monitor.view().applied()).isEqualTo(StageLag.UNKNOWN);

            // when
            send(topics, false, report(1_000));
            Instant sent = Instant.now();

            // then
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> monitor.view().applied().now().isPresent());
            assertThat(Duration.between(sent, Instant.now())).isLessThan(Duration.ofSeconds(2));
            assertThat(monitor.view().captured().now()).isEmpty();
        }

        Instant closed = Instant.now();
        try (LagMonitor monitor = LagMonitor.start(config(topics))) {
            // when it is there again and the writer's counter has begun anew
            awaitRunning(monitor);
            assertThat(Duration.between(closed, Instant.now())).isLessThan(Duration.ofSeconds(20));
            send(topics, false, report(10));

            // then
            await().until(() -> monitor.view().applied().barriers() == 2);
            assertThat(monitor.view().applied().throughput().rows()).isEqualTo(1_010);
            assertThat(monitor.view().applied().run().orElseThrow().samples()).isEqualTo(2);
        }
    }

    @Test
    void takesTheDeadProcessesPlaceAtOnceWithoutItsState() {
        // given a monitor that another start has not seen the end of
        Topics topics = topics("takeover");
        try (LagMonitor dead = LagMonitor.start(config(topics))) {
            awaitRunning(dead);
            send(topics, false, report(5));
            await().until(() -> dead.view().applied().now().isPresent());

            // when
            Instant started = Instant.now();
            LagConfig elsewhere =
                    new LagConfig(kafka.bootstrap(), topics, 1, dir.resolve("elsewhere"), Clock.systemUTC(), Set.of());
            try (LagMonitor next = LagMonitor.start(elsewhere)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> next.view().applied().barriers() == 1);

                // then no session had to run out first
                assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(20));
            }
        }
    }

    @Test
    void doesNotReadWhatWasNotCommitted() {
        Topics topics = topics("transactions");
        try (LagMonitor monitor = LagMonitor.start(config(topics))) {
            awaitRunning(monitor);

            // when one transaction is given up and the next committed
            send(topics, true, report(500));
            send(topics, false, report(7));

            // then
            await().until(() -> monitor.view().applied().now().isPresent());
            assertThat(monitor.view().applied().throughput().rows()).isEqualTo(7);
        }
    }

    @Test
    void stopsAndSaysWhyWhenARecordCannotBeUnderstood() {
        Topics topics = topics("garbage");
        try (LagMonitor monitor = LagMonitor.start(config(topics))) {
            awaitRunning(monitor);

            // when
            send(topics, false, new byte[] {1, 2, 3});

            // then it claims nothing any more
            await().atMost(Duration.ofSeconds(20)).until(() -> monitor.failure().isPresent() && !monitor.isRunning());
            assertThat(monitor.view().applied()).isEqualTo(StageLag.UNKNOWN);
            assertThat(monitor.proof().known()).isFalse();
            assertThat(monitor.series()).isEmpty();
        }
    }

    @Test
    void refusesAWindowThatItDoesNotRemember() {
        Topics topics = topics("window");
        try (LagMonitor monitor = LagMonitor.start(config(topics))) {
            assertThatThrownBy(() -> monitor.view(Duration.ofHours(1))).hasMessageContaining("600 s");
        }
    }

    private static Topics topics(String migration) {
        Topics topics = new Topics(migration);
        TopicSetup.create(kafka.bootstrap(), topics, 1);
        return topics;
    }

    private static LagConfig config(Topics topics) {
        return new LagConfig(kafka.bootstrap(), topics, 1, dir.resolve("streams"), Clock.systemUTC(), Set.of());
    }

    private static void awaitRunning(LagMonitor monitor) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> monitor.isRunning() && monitor.proof().known());
    }

    private static byte[] report(long rows) {
        long now = Micros.of(Instant.now());
        return Messages.STAGE_REPORT.encode(new StageReport(Stage.APPLIED, 0, now - 1_000, now, rows, rows * 100));
    }

    private static void send(Topics topics, boolean abort, byte[] report) {
        var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "test");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topics.stages(), new byte[] {1}, report));
            producer.flush();
            if (abort) producer.abortTransaction();
            else producer.commitTransaction();
        }
    }
}
