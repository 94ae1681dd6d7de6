package dev.lockstep.stream.apply;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** What tells a topic from every other, also from one of the same name that was made later or elsewhere. */
final class TopicId {

    private static final int PATIENCE_MILLIS = 5000; // who asks again and again should show meanwhile why

    private TopicId() {}

    /**
     * @throws KafkaException if Kafka is away, or does not know the topic
     */
    static String of(String bootstrap, String topic) throws InterruptedException {
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PATIENCE_MILLIS);
        try (Admin admin = Admin.create(client)) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw new KafkaException("cannot look up topic " + topic + ": " + e.getMessage(), e);
        }
    }
}
