package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.stream.prove.Change.RowChange;
import dev.lockstep.stream.prove.RowState.Difference;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyGroupStatePartitionStreamProvider;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Compares one row's two sides as of each barrier: keyed by the row key's digest, so that both sides meet whatever types they keep
 * the key in. Changes wait, as one per time and side, until the watermark (a barrier) has passed them; then they are folded
 * in the order of time. A difference that a later change before the barrier mends never shows. A change that did not find the row
 * as the changes before it left it shows that one of them was lost: that stays reported until the row is read from the source anew.
 *
 * <p>Changes wait in memory, which a checkpoint writes as it is, and when there are many they go to the state, with a timer. All of a time
 * that are in the state came before those of that time that are in memory.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before all else
final class RowComparison extends AbstractStreamOperator<TableDelta>
        implements OneInputStreamOperator<RowChange, TableDelta>, Triggerable<RowDigest, VoidNamespace> {

    private static final long serialVersionUID = 1;

    static final OutputTag<Message> MISMATCHES = new OutputTag<>("mismatches", Message.TYPE);

    private final Reports reports;
    private final int mostInMemory;
    private transient ValueState<RowState> row;
    private transient MapState<Long, Waiting> stored;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient RecentChanges recent;
    private transient TableDeltas deltas;
    private transient long barrier;

    /**
     * @param mostInMemory how many rows' changes may wait there, for each task
     */
    RowComparison(Reports reports, int mostInMemory) {
        this.reports = reports;
        this.mostInMemory = mostInMemory;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        recent = new RecentChanges();
        for (KeyGroupStatePartitionStreamProvider saved : context.getRawKeyedStateInputs())
            recent.load(saved.getStream());
    }

    @Override
    protected boolean isUsingCustomRawKeyedState() {
        return true;
    }

    @Override
    public void open() throws Exception {
        super.open();
        row = getRuntimeContext().getState(new ValueStateDescriptor<>("row", RowState.TYPE));
        stored = getRuntimeContext().getMapState(new MapStateDescriptor<>("pending", Types.LONG, Waiting.TYPE));
        timers = getInternalTimerService("pending", VoidNamespaceSerializer.INSTANCE, this);
        deltas = new TableDeltas();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        int keyGroups = getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
        recent.save(context.getRawKeyedOperatorStateOutput(), keyGroups);
    }

    @Override
    public void processElement(StreamRecord<RowChange> element) throws Exception {
        recent.add(element.getTimestamp(), element.getValue());
        if (recent.size() >= mostInMemory) store();
    }

    private void store() throws Exception {
        for (Long time = recent.first(); time != null; time = recent.first())
            for (Map.Entry<RowDigest, Waiting> entry : recent.take(time).entrySet()) {
                setCurrentKey(entry.getKey());
                store(time, entry.getValue());
            }
    }

    private void store(long time, Waiting waiting) throws Exception {
        Waiting earlier = stored.get(time);
        stored.put(time, earlier == null ? waiting : earlier.then(waiting));
        if (earlier == null) registerTimer(time);
    }

    private void registerTimer(long time) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    }

    /** Time by time, so that each row's changes are folded in their order wherever they wait. */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        barrier = mark.getTimestamp();
        for (Long time = recent.first(); time != null && time <= barrier; time = recent.first()) {
            timeServiceManager.advanceWatermark(new Watermark(time));
            for (Map.Entry<RowDigest, Waiting> entry : recent.take(time).entrySet()) {
                setCurrentKey(entry.getKey());
                pass(time, entry.getValue());
            }
        }
        timeServiceManager.advanceWatermark(mark);
        deltas.take(delta -> output.collect(new StreamRecord<>(delta, barrier)));
        output.emitWatermark(mark);
    }

    @Override
    public void onEventTime(InternalTimer<RowDigest, VoidNamespace> timer) throws Exception {
        long time = timer.getTimestamp();
        Waiting earlier = stored.get(time);
        Waiting later = recent.take(time, timer.getKey());
        if (earlier != null) stored.remove(time);
        pass(time, earlier == null ? later : earlier.then(later));
    }

    @Override
    public void onProcessingTime(InternalTimer<RowDigest, VoidNamespace> timer) {
        throw new IllegalStateException("barriers are the only clock");
    }

    /**
     * A row's times are passed in order, and all that are due before the watermark moves on. So where another one may still be due,
     * judging waits for a timer at the barrier itself, which is the last.
     */
    private void pass(long time, Waiting waiting) throws Exception {
        RowState before = current();
        RowState folded = fold(before, waiting);
        RowState after = time == barrier ? judge(folded) : folded;
        if (time < barrier && !folded.isSettled()) registerTimer(barrier);
        if (after.isAbsent()) row.clear();
        else if (after != before) row.update(after);
    }

    private RowState current() throws Exception {
        RowState known = row.value();
        return known == null ? RowState.ABSENT : known;
    }

    /**
     * A row that is read anew at the source is written over the target's in the same interval: how that change finds the row there, which
     * may have been changed past the log, is what it mends.
     */
    private RowState fold(RowState before, Waiting waiting) {
        RowImage source = waiting.source();
        RowImage target = waiting.target();
        if (source != null && source.reads() && target != null) target = target.unjudged();
        return fold(fold(before, Side.SOURCE, source), Side.TARGET, target);
    }

    private RowState fold(RowState before, Side side, @Nullable RowImage image) {
        if (image == null) return before;
        deltas.add(TableDelta.change(side, before.on(side), image));
        return before.with(side, image);
    }

    private RowState judge(RowState folded) {
        Difference difference = folded.difference();
        if (difference == null) return folded;
        RowState judged = folded.judged(barrier);
        int opened = (judged.isOpen() ? 1 : 0) - (folded.isOpen() ? 1 : 0);
        if (opened != 0) deltas.add(TableDelta.mismatch(difference.table(), opened));
        if (judged.isOpen()) report(reports.mismatch(judged, barrier));
        else if (folded.isOpen()) report(reports.healed(difference.key()));
        return judged;
    }

    private void report(Message message) {
        output.collect(MISMATCHES, new StreamRecord<>(message, barrier));
    }
}
