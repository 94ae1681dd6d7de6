package dev.lockstep.ingest.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.ingest.capture.ConnectWorker;
import dev.lockstep.ingest.preflight.Finding.Level;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration.KafkaRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka and a Connect of the team's own, as their interfaces show them. */
class KafkaPreflightIT {

    private static final Topics TOPICS = new Topics("kafkacheck");
    private static final String CONNECTOR = KafkaRequirements.connector("mariadb");

    @TempDir
    Path directory;

    @Test
    void passesWhatLockstepMakesAndRefusesATopicThatForgets() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            TopicSetup.create(kafka.bootstrap(), TOPICS, 1);
            try (ConnectWorker worker = ConnectWorker.start(kafka.bootstrap(), TOPICS, 1)) {
                KafkaRules own = new KafkaRules(kafka.bootstrap(), worker.url().toString());
                assertThat(judge(own, kafka.bootstrap()))
                        .extracting(Finding::level)
                        .containsOnly(Level.PASS);

                setRetention(kafka.bootstrap(), "3600000");

                assertThat(judge(own, kafka.bootstrap()))
                        .filteredOn(finding -> finding.level() == Level.FAIL)
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.toString())
                                .contains("source.changes: retention.ms is 3600000", "--add-config retention.ms=-1"));
            }
            KafkaRules nowhere = new KafkaRules(kafka.bootstrap(), "http://127.0.0.1:" + Ports.free());
            assertThatThrownBy(() -> judge(nowhere, kafka.bootstrap()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Kafka Connect at http://127.0.0.1:");
        }
    }

    private static List<Finding> judge(KafkaRules rules, String bootstrap) throws Exception {
        return KafkaRequirements.judge(
                KafkaFacts.gather(rules, bootstrap, TOPICS, CONNECTOR), TOPICS, Set.of("mariadb", "postgresql"));
    }

    private static void setRetention(String bootstrap, String millis) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.sourceChanges());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", millis), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}
