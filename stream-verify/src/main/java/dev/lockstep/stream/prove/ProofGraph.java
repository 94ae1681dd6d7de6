package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.stream.prove.Change.RowChange;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The dataflow: both topics → {@link BarrierClock} → {@link RowComparison} by row → {@link Verdicts} → topics. Every step has a fixed
 * uid, under which a checkpoint keeps its state.
 */
final class ProofGraph {

    /** Some 300 bytes each. */
    private static final int MOST_IN_MEMORY = 200_000;

    private final ProofConfig config;
    private final StreamExecutionEnvironment environment;
    private final List<ProvenTable> tables;
    private final Reports reports;

    private ProofGraph(ProofConfig config, Configuration settings, Clock clock) {
        this.config = config;
        environment = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        environment.setParallelism(config.parallelism());
        tables = config.tables().stream().map(ProvenTable::of).toList();
        reports = Reports.to(config.topics(), clock);
    }

    /** The graph as Flink runs it. */
    static StreamGraph of(ProofConfig config, Configuration settings, Clock clock) {
        return new ProofGraph(config, settings, clock).build();
    }

    /** Gives the graph to the cluster that this program is submitted to. */
    static void submit(ProofConfig config, Configuration settings, Clock clock) throws Exception {
        ProofGraph graph = new ProofGraph(config, settings, clock);
        graph.environment.executeAsync(graph.build());
    }

    private StreamGraph build() {
        DataStream<RowChange> changes = clocked(changes(Side.SOURCE), changes(Side.TARGET));
        SingleOutputStreamOperator<TableDelta> deltas = compared(changes);
        send(verdicts(deltas).union(deltas.getSideOutput(RowComparison.MISMATCHES)));
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName(name());
        return graph;
    }

    private String name() {
        return "lockstep-prove-" + config.topics().migration();
    }

    private DataStream<Change> changes(Side side) {
        String name = side.label() + "-changes";
        KafkaSource<Change> source = KafkaSource.<Change>builder()
                .setBootstrapServers(config.bootstrap())
                .setTopics(config.topics().changes(side))
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setClientIdPrefix(name() + "-" + side.label())
                .setProperty("isolation.level", "read_committed")
                .setProperty("commit.offsets.on.checkpoint", "false")
                .setProperty("partition.discovery.interval.ms", "-1")
                .setProperty("max.poll.records", "2000")
                .setDeserializer(new ChangeDecoder(side, tables, config.lanes()))
                .build();
        return environment
                .fromSource(source, LogTime.aligned(), name, Change.TYPE)
                .uid(name)
                .setParallelism(1);
    }

    private DataStream<RowChange> clocked(DataStream<Change> source, DataStream<Change> target) {
        return source.connect(target)
                .transform("barrier-clock", RowChange.TYPE, new BarrierClock(config.lanes()))
                .uid("barrier-clock")
                .setParallelism(1)
                .setMaxParallelism(1);
    }

    private SingleOutputStreamOperator<TableDelta> compared(DataStream<RowChange> changes) {
        return changes.keyBy(RowChange::row, DigestSerializer.TYPE)
                .transform("row-comparison", TableDelta.TYPE, new RowComparison(reports, MOST_IN_MEMORY))
                .uid("row-comparison");
    }

    private DataStream<Message> verdicts(DataStream<TableDelta> deltas) {
        return deltas.transform("verdicts", Message.TYPE, new Verdicts(tables, config.lanes(), reports))
                .uid("verdicts")
                .setParallelism(1)
                .setMaxParallelism(1);
    }

    private void send(DataStream<Message> messages) {
        Properties producer = new Properties();
        producer.setProperty("linger.ms", "0");
        producer.setProperty("acks", "all");
        producer.setProperty("client.id", name());
        KafkaSink<Message> sink = KafkaSink.<Message>builder()
                .setBootstrapServers(config.bootstrap())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setKafkaProducerConfig(producer)
                .setRecordSerializer(new Message.ToTopic())
                .build();
        messages.sinkTo(sink).uid("reports").name("reports").setParallelism(1);
    }
}
