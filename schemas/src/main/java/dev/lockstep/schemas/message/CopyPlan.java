package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.CopyPlanMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the initial copy of one lane stands as a whole.
 *
 * @param position where in the database's log the stream starts: the first snapshot's place
 * @param barriers by direction, the lane's newest barrier in the newest snapshot; those up to it cut nothing
 * @param snapshots how many the copy took: rows of a later one may be ahead of the stream until that has caught up
 * @param done all rows are in the topic of changes
 */
public record CopyPlan(Map<String, String> position, Map<String, Long> barriers, int snapshots, boolean done) {

    private static final Codec<CopyPlanMessage> CODEC = new Codec<>(CopyPlanMessage.class);

    /** The plan as last committed; empty before the first snapshot. */
    public static Optional<CopyPlan> read(String bootstrap, Topics topics, Side side, int lane) {
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrap);
        String key = key(side, lane);
        return TopicReader.readAll(client, new TopicPartition(topics.copy(), 0)).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .reduce((older, newer) -> newer)
                .map(record -> decode(record.value()));
    }

    public static String key(Side side, int lane) {
        return side.label() + "/" + lane;
    }

    /** The copy was cut off and went on with a later snapshot. */
    public boolean wasCutOff() {
        return snapshots > 1;
    }

    public byte[] encode() {
        return CODEC.encode(new CopyPlanMessage(position, barriers, snapshots, done));
    }

    public static CopyPlan decode(byte[] bytes) {
        CopyPlanMessage message = CODEC.decode(bytes);
        return new CopyPlan(
                Map.copyOf(message.getPosition()),
                Map.copyOf(message.getBarriers()),
                message.getSnapshots(),
                message.getDone());
    }
}
