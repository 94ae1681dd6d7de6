package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.MismatchKind;
import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The real topology without a broker, on a clock that the test moves. */
final class LagDriver implements AutoCloseable {

    final TestClock clock = new TestClock();
    private final LagConfig config;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> stages;
    private final TestInputTopic<byte[], byte[]> verdicts;
    private final TestInputTopic<byte[], byte @Nullable []> mismatches;

    LagDriver(int lanes, Path state) {
        Topics topics = new Topics("shop");
        config = new LagConfig("nowhere:1", topics, lanes, state, clock, Set.of());
        driver = new TopologyTestDriver(LagTopology.build(config), LagMonitor.settings(config), clock.instant());
        var bytes = new ByteArraySerializer();
        stages = driver.createInputTopic(topics.stages(), bytes, bytes);
        verdicts = driver.createInputTopic(topics.verdicts(), bytes, bytes);
        mismatches = driver.createInputTopic(topics.mismatches(), bytes, bytes);
    }

    /** A barrier written some time ago reaches a stage now. */
    void reach(Stage stage, int lane, long delayMillis) {
        reach(stage, lane, delayMillis, 0, 0);
    }

    void reach(Stage stage, int lane, long delayMillis, long rows, long bytes) {
        reachAt(stage, lane, clock.micros() - delayMillis * 1000, rows, bytes);
    }

    void reachAt(Stage stage, int lane, long barrierMicros, long rows, long bytes) {
        byte[] key = (stage + "/" + lane).getBytes(StandardCharsets.UTF_8);
        stages.pipeInput(
                key,
                Messages.STAGE_REPORT.encode(new StageReport(stage, lane, barrierMicros, clock.micros(), rows, bytes)));
    }

    void verdict(String table, long barrierMicros, long rows, long wrong) {
        Digest128 digest = new Digest128(new byte[16]);
        verdicts.pipeInput(
                table.getBytes(StandardCharsets.UTF_8),
                Messages.TABLE_VERDICT.encode(new TableVerdict(
                        table, barrierMicros, rows, rows, digest, digest, wrong, barrierMicros + 1000)));
    }

    void mismatch(long id, long firstSeenMicros) {
        Mismatch mismatch = new Mismatch(
                "shop.orders", "(" + id + ")", MismatchKind.DIFFERS, null, null, firstSeenMicros, firstSeenMicros);
        mismatches.pipeInput(key(id), Messages.MISMATCH.encode(mismatch));
    }

    void heal(long id) {
        mismatches.pipeInput(key(id), (byte[]) null);
    }

    private static byte[] key(long id) {
        return Messages.encode(new RowKey("shop.orders", List.of(new Value.Whole(id))));
    }

    void pass(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    StageLag lag(Stage stage) {
        return new LagReader(stores()).view(clock.instant(), config.window()).of(stage);
    }

    List<LagSample> series() {
        return new SeriesReader(stores(), clock.instant()).samples();
    }

    ProofView proof() {
        return new ProofReader(
                        stores(),
                        store(LagTopology.VERDICTS),
                        store(LagTopology.MISMATCHES),
                        store(LagTopology.FIRST_MISMATCH))
                .view();
    }

    StageStores stores() {
        return new StageStores(store(LagTopology.LANES), store(LagTopology.STAGES), store(LagTopology.SECONDS));
    }

    private KeyValueStore<Bytes, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    @Override
    public void close() {
        driver.close();
    }
}
