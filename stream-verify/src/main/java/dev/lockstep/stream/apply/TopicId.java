package dev.lockstep.stream.apply;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** What tells a topic from every other, also from one of the same name that was made later or elsewhere. */
final class TopicId {

    private TopicId() {}

    static String of(String bootstrap, String topic) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
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
