package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What a migration's proof in this process has taken from a side's topic, by the Kafka client's own count. */
final class Consumed {

    private static final String METRICS =
            "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=lockstep-prove-";

    private Consumed() {}

    /** Messages. */
    static double of(Topics topics, Side side) throws JMException {
        MBeanServer metrics = ManagementFactory.getPlatformMBeanServer();
        double records = 0;
        for (ObjectName consumer :
                metrics.queryNames(new ObjectName(METRICS + topics.migration() + "-" + side.label() + "*"), null))
            records += (double) metrics.getAttribute(consumer, "records-consumed-total");
        return records;
    }
}
