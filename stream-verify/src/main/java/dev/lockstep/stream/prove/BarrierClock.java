package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.stream.prove.Change.LaneBarrier;
import dev.lockstep.stream.prove.Change.RowChange;
import java.util.OptionalLong;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Makes barriers the job's clock. A row change gets the time just behind the last barrier of its lane; the watermark is a barrier
 * that both sides have passed in every lane, so that what is at or before it is exactly both sides' state as of that barrier. Runs
 * once (parallelism 1): the order in which the two sides arrive does not change what it emits up to a watermark.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before all else
final class BarrierClock extends AbstractStreamOperator<RowChange>
        implements TwoInputStreamOperator<Change, Change, RowChange> {

    private static final long serialVersionUID = 1;

    private final int laneCount;
    private transient Lanes lanes;
    private transient ListState<Lanes.Lane> saved;

    BarrierClock(int laneCount) {
        this.laneCount = laneCount;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        lanes = new Lanes(laneCount);
        saved = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("lanes", Lanes.Lane.TYPE));
        for (Lanes.Lane lane : saved.get()) lanes.restore(lane);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        saved.update(lanes.save());
    }

    @Override
    public void processElement1(StreamRecord<Change> element) {
        process(Side.SOURCE, element.getValue());
    }

    @Override
    public void processElement2(StreamRecord<Change> element) {
        process(Side.TARGET, element.getValue());
    }

    private void process(Side side, Change change) {
        if (change instanceof LaneBarrier barrier) {
            OptionalLong passed = lanes.pass(side, barrier.lane(), barrier.micros());
            if (passed.isPresent()) output.emitWatermark(new Watermark(passed.getAsLong()));
        } else {
            output.collect(new StreamRecord<>(placed((RowChange) change), lanes.stamp(side, change.lane())));
        }
    }

    private RowChange placed(RowChange change) {
        Position position = change.position();
        boolean sentOnce = position != null && lanes.advance(change.side(), change.lane(), position);
        RowImage image = change.image();
        if (!lanes.isFollowing(change.side(), change.lane())) image = image.copied();
        else if (!sentOnce) image = image.unjudged();
        return new RowChange(change.side(), change.lane(), change.row(), image, null);
    }

    // The clock is this operator alone: neither the end of a source nor its idleness may move it.

    @Override
    public void processWatermark1(Watermark mark) {}

    @Override
    public void processWatermark2(Watermark mark) {}

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {}
}
