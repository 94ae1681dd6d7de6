package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.message.Messages;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Reports of single lanes -> what all lanes have reached. A report that is read again after a crash counts once. */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
final class StageProcessor implements Processor<byte[], byte[], Void, Void> {

    private final LagConfig config;

    private ProcessorContext<Void, Void> context;
    private KeyValueStore<Bytes, byte[]> lanes;
    private KeyValueStore<Bytes, byte[]> stages;
    private SecondBooks seconds;
    private StageStores stores;

    StageProcessor(LagConfig config) {
        this.config = config;
    }

    @Override
    public void init(ProcessorContext<Void, Void> streams) {
        context = streams;
        lanes = streams.getStateStore(LagTopology.LANES);
        stages = streams.getStateStore(LagTopology.STAGES);
        KeyValueStore<Bytes, byte[]> buckets = streams.getStateStore(LagTopology.SECONDS);
        seconds = new SecondBooks(buckets, config.retention());
        stores = new StageStores(lanes, stages, buckets);
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        StageReport report = Messages.STAGE_REPORT.decode(message.value());
        Bytes key = Keys.of(report.getStage(), report.getLane());
        long offset = context.recordMetadata().orElseThrow().offset();
        LaneProgress before = LaneProgress.decode(lanes.get(key));
        if (before != null && before.hasSeen(offset)) return;
        LaneProgress after = before == null ? LaneProgress.first(report, offset) : before.next(report, offset);
        lanes.put(key, after.encode());
        // What passed before a lane's first report did so at an unknown time: it is in the total, in no second.
        if (before != null) countRows(report.getStage(), before, after);
        advance(report.getStage());
    }

    private void countRows(Stage stage, LaneProgress before, LaneProgress after) {
        // A writer that was started anew was not at work all the time since the last report.
        boolean restarted = after.counterRows() < before.counterRows();
        seconds.add(
                stage,
                restarted ? after.reportedMicros() : before.reportedMicros(),
                after.reportedMicros(),
                after.rows() - before.rows(),
                after.bytes() - before.bytes());
    }

    private void advance(Stage stage) {
        List<LaneProgress> reached = stores.laneProgress(stage);
        if (reached.size() < config.lanes()) return;
        long barrier =
                reached.stream().mapToLong(LaneProgress::barrierMicros).min().orElse(0);
        StageProgress before = StageProgress.decode(stages.get(Keys.of(stage)));
        if (barrier <= (before == null ? 0 : before.barrierMicros())) return;
        Arrival arrival = new Arrival(barrier, reachedByAll(reached, barrier));
        StageProgress after = before == null ? StageProgress.first(arrival) : before.next(arrival);
        stages.put(Keys.of(stage), after.encode());
        seconds.add(stage, arrival);
    }

    /** The last lane's time; lanes that are beyond the barrier already reached it earlier. */
    private static long reachedByAll(List<LaneProgress> lanes, long barrier) {
        return lanes.stream()
                .filter(lane -> lane.barrierMicros() == barrier)
                .mapToLong(LaneProgress::reachedMicros)
                .max()
                .orElseThrow();
    }
}
