package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.CopyPlanMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;

/**
 * Where one round of copying stands as a whole, of one lane: the initial copy, which is round 0, or a later one of the tables that had
 * to be copied anew.
 *
 * @param position the first snapshot's place in the database's log: where the stream starts, or in a later round where the changes of
 *     the copied tables begin to count
 * @param barriers by direction, the lane's newest barrier in the newest snapshot; those up to it cut nothing
 * @param snapshots how many the copy took: rows of a later one may be ahead of the stream until that has caught up
 * @param done all rows are in the topic of changes
 */
public record CopyPlan(Map<String, String> position, Map<String, Long> barriers, int snapshots, boolean done) {

    private static final Codec<CopyPlanMessage> CODEC = new Codec<>(CopyPlanMessage.class);

    /** The plan as last committed; empty before the first snapshot. */
    public static Optional<CopyPlan> read(String bootstrap, Topics topics, Side side, int lane, int round) {
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrap);
        String key = key(side, lane, round);
        return TopicReader.awaitAll(client, new TopicPartition(topics.copy(), 0)).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .reduce((older, newer) -> newer)
                .map(record -> decode(record.value()));
    }

    public static String key(Side side, int lane, int round) {
        return side.label() + "/" + lane + (round == 0 ? "" : "@" + round);
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
