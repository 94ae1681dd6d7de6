package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.ParameterTool;
import org.apache.kafka.clients.admin.Admin;

/**
 * The proof as a job for a Flink cluster: {@code flink run -d -c dev.lockstep.stream.prove.ProofMain stream-verify.jar --bootstrap
 * kafka-1:9092 --migration shop}, with {@code --parallelism} (default 1). The migration's tables and lanes are read from its topics, so it
 * must have run before; when its tables change, the job is submitted anew. Where checkpoints go is the cluster's
 * {@code execution.checkpointing.dir}; {@code -s CHECKPOINT} goes on from one, also with another parallelism.
 */
public final class ProofMain {

    private ProofMain() {}

    public static void main(String[] arguments) throws Exception {
        ParameterTool given = ParameterTool.fromArgs(arguments);
        String bootstrap = given.getRequired("bootstrap");
        Topics topics = new Topics(given.getRequired("migration"));
        ProofConfig config = new ProofConfig(
                bootstrap,
                topics,
                tables(bootstrap, topics),
                lanes(bootstrap, topics),
                given.getInt("parallelism", 1),
                Path.of("")); // the cluster's own
        ProofGraph.submit(config, ProofSettings.ofJob(), Clock.systemUTC());
    }

    /** Of each table the newest round. */
    private static List<TableMapping> tables(String bootstrap, Topics topics) {
        Map<TableId, TableMapping> newest = new LinkedHashMap<>();
        for (TableMapping table : TopicSetup.read(bootstrap, topics))
            newest.merge(table.source(), table, (one, other) -> one.round() > other.round() ? one : other);
        if (newest.isEmpty())
            throw new IllegalStateException("topic " + topics.tables() + " of " + bootstrap
                    + " names no table: start the migration with `lockstep run` first");
        return new ArrayList<>(newest.values());
    }

    private static int lanes(String bootstrap, Topics topics) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.describeTopics(List.of(topics.changes(Side.SOURCE))).allTopicNames().get().values().stream()
                    .mapToInt(topic -> topic.partitions().size())
                    .sum();
        }
    }
}
