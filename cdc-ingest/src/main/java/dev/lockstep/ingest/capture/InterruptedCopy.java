package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicReader;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.ConfigurationException;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices a copy that was cut off. Debezium's snapshot would begin anew, and a row that it had copied the first time, deleted since,
 * would stay in the topic for ever without its delete: both sides would hold it, and the proof would call them equal.
 */
public final class InterruptedCopy {

    /** Far more than the records of one poll, and than the marks of the transactions around them. */
    private static final long TAIL = 50_000;

    private InterruptedCopy() {}

    /**
     * To be called before the Connect worker starts, which carries on with its connectors by itself.
     *
     * @throws ConfigurationException if a lane ends within the copy
     */
    public static void refuse(String bootstrap, Topics topics, Side side, int lanes) {
        for (int lane = 0; lane < lanes; lane++)
            if (endsWithinCopy(bootstrap, new TopicPartition(topics.changes(side), lane)))
                throw new ConfigurationException(
                        "the copy of the " + side.label()
                                + " was cut off before it was complete, and rows that were deleted since may be in it. Start anew: empty the"
                                + " target's tables, drop the database or schema lockstep on both sides (and on PostgreSQL the replication"
                                + " slots and publications that begin with lockstep_), and delete the migration's state directory");
    }

    private static boolean endsWithinCopy(String bootstrap, TopicPartition lane) {
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrap);
        List<ConsumerRecord<byte[], byte[]>> tail = TopicReader.readTail(client, lane, TAIL);
        return !tail.isEmpty()
                && tail.stream()
                        .map(record -> Messages.decodeChange(record.value()).operation())
                        .allMatch(operation -> operation == ChangeEvent.Operation.READ);
    }
}
