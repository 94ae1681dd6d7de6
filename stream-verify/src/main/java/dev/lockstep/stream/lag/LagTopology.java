package dev.lockstep.stream.lag;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Three topics, each with a processor and its stores. Stores are small, so they live in memory and are read back from their
 * changelogs on start; RocksDB's Java classes would also clash with those of Flink, which bears the same names in another version.
 * A store whose format changes takes a new name.
 */
final class LagTopology {

    static final String LANES = "lanes";
    static final String STAGES = "stages";
    static final String SECONDS = "seconds";
    static final String VERDICTS = "verdicts";
    static final String MISMATCHES = "mismatches";
    static final String FIRST_MISMATCH = "first-mismatch";

    /** Small segments are compacted soon: what a restart reads stays small. */
    private static final Map<String, String> CHANGELOG =
            Map.of("segment.bytes", Integer.toString(4 << 20), "min.cleanable.dirty.ratio", "0.2");

    private LagTopology() {}

    static Topology build(LagConfig config) {
        Topology topology = new Topology();
        add(topology, "stage-reports", config.topics().stages(), () -> new StageProcessor(config));
        stores(topology, "stage-reports", LANES, STAGES, SECONDS);
        add(topology, "table-verdicts", config.topics().verdicts(), () -> new VerdictProcessor(config.retired()));
        stores(topology, "table-verdicts", VERDICTS);
        add(topology, "row-mismatches", config.topics().mismatches(), () -> new MismatchProcessor(config.retired()));
        stores(topology, "row-mismatches", MISMATCHES, FIRST_MISMATCH);
        return topology;
    }

    private static void add(
            Topology topology, String name, String topic, ProcessorSupplier<byte[], byte[], Void, Void> processor) {
        String source = name + "-source";
        topology.addSource(source, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
        topology.addProcessor(name, processor, source);
    }

    private static void stores(Topology topology, String processor, String... names) {
        for (String name : names) topology.addStateStore(store(name), processor);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }
}
