package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.stream.prove.Change.RowChange;
import dev.lockstep.stream.prove.RowState.Difference;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Compares one row's two sides as of each barrier: keyed by the row key's digest, so that both sides meet whatever types they keep
 * the key in. Changes wait, as one per time and side, until the watermark (a barrier) has passed them; then they are folded
 * in the order of time. A difference that a later change before the barrier mends never shows. A change that did not find the row
 * as the changes before it left it shows that one of them was lost: that stays reported until the row is read from the source anew.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before all else
final class RowComparison extends KeyedProcessFunction<RowDigest, RowChange, TableDelta> {

    private static final long serialVersionUID = 1;

    static final OutputTag<Message> MISMATCHES = new OutputTag<>("mismatches", Message.TYPE);

    private final Reports reports;
    private transient ValueState<RowState> row;
    private transient MapState<Long, Waiting> pending;

    RowComparison(Reports reports) {
        this.reports = reports;
    }

    @Override
    public void open(OpenContext context) {
        row = getRuntimeContext().getState(new ValueStateDescriptor<>("row", RowState.TYPE));
        pending = getRuntimeContext().getMapState(new MapStateDescriptor<>("pending", Types.LONG, Waiting.TYPE));
    }

    @Override
    public void processElement(RowChange change, Context context, Collector<TableDelta> out) throws Exception {
        long time = context.timestamp();
        Waiting earlier = pending.get(time);
        pending.put(time, (earlier == null ? Waiting.NONE : earlier).with(change.side(), change.image()));
        if (earlier == null) context.timerService().registerEventTimeTimer(time);
    }

    /**
     * Timers of one row come in the order of time, and all that are due come before the watermark moves on. So where another one
     * may still be due, judging waits for a timer at the barrier itself, which is the last.
     */
    @Override
    public void onTimer(long time, OnTimerContext context, Collector<TableDelta> out) throws Exception {
        long barrier = context.timerService().currentWatermark();
        RowState before = current();
        RowState folded = fold(before, time, out);
        RowState after = time == barrier ? judge(folded, barrier, context, out) : folded;
        if (time < barrier && !folded.isSettled()) context.timerService().registerEventTimeTimer(barrier);
        if (after.isAbsent()) row.clear();
        else if (after != before) row.update(after);
    }

    private RowState current() throws Exception {
        RowState stored = row.value();
        return stored == null ? RowState.ABSENT : stored;
    }

    /**
     * A row that is read anew at the source is written over the target's in the same interval: how that change finds the row there, which
     * may have been changed past the log, is what it mends.
     */
    private RowState fold(RowState before, long time, Collector<TableDelta> out) throws Exception {
        Waiting waiting = pending.get(time);
        if (waiting == null) return before;
        pending.remove(time);
        RowImage source = waiting.source();
        RowImage target = waiting.target();
        if (source != null && source.reads() && target != null) target = target.unjudged();
        return fold(fold(before, Side.SOURCE, source, out), Side.TARGET, target, out);
    }

    private static RowState fold(RowState before, Side side, @Nullable RowImage image, Collector<TableDelta> out) {
        if (image == null) return before;
        out.collect(TableDelta.change(side, before.on(side), image));
        return before.with(side, image);
    }

    private RowState judge(RowState folded, long barrier, OnTimerContext context, Collector<TableDelta> out) {
        Difference difference = folded.difference();
        if (difference == null) return folded;
        RowState judged = folded.judged(barrier);
        int opened = (judged.isOpen() ? 1 : 0) - (folded.isOpen() ? 1 : 0);
        if (opened != 0) out.collect(TableDelta.mismatch(difference.table(), opened));
        if (judged.isOpen()) context.output(MISMATCHES, reports.mismatch(judged, barrier));
        else if (folded.isOpen()) context.output(MISMATCHES, reports.healed(difference.key()));
        return judged;
    }
}
