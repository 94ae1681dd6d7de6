package dev.lockstep.cutover.phase;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** The journal's topic: one partition, as its order is the order of events, and nothing in it ever expires. */
final class JournalTopic {

    private static final Map<String, String> KEPT =
            Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");

    private JournalTopic() {}

    /**
     * Creates it if it is not there, and checks it if it is.
     *
     * @throws JournalException if it could lose or reorder events
     */
    static void ensure(Map<String, Object> client, String topic) {
        try (Admin admin = Admin.create(client)) {
            try {
                create(admin, topic);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) throw e;
                check(admin, topic);
            }
        } catch (ExecutionException e) {
            throw new JournalException("cannot set up the journal's topic " + topic + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalException("interrupted while setting up the journal's topic " + topic, e);
        }
    }

    private static void create(Admin admin, String topic) throws ExecutionException, InterruptedException {
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty()).configs(KEPT);
        admin.createTopics(List.of(wanted)).all().get();
    }

    private static void check(Admin admin, String topic) throws ExecutionException, InterruptedException {
        int partitions = get(admin.describeTopics(List.of(topic)).topicNameValues(), topic)
                .get()
                .partitions()
                .size();
        if (partitions != 1)
            throw new JournalException("the journal's topic " + topic + " has " + partitions
                    + " partitions; it must have one, for its order to be the order of events");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                get(admin.describeConfigs(List.of(resource)).values(), resource).get();
        KEPT.forEach((setting, value) -> {
            if (!config.get(setting).value().equals(value))
                throw new JournalException("the journal's topic " + topic + " has " + setting + "="
                        + config.get(setting).value() + "; set it to " + value + ", or events are lost");
        });
    }

    private static <K, V> KafkaFuture<V> get(Map<K, KafkaFuture<V>> answers, K key) {
        KafkaFuture<V> answer = answers.get(key);
        if (answer == null) throw new IllegalStateException("Kafka did not answer on " + key);
        return answer;
    }
}
