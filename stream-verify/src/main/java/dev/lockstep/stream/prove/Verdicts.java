package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keeps every table's totals and, at each barrier, gives a verdict on every table, also on idle and empty ones, and then reports
 * the barrier as proven in each lane. In one run there are no two verdicts for one table and barrier. Runs once (parallelism 1).
 *
 * <p>A delta counts from the barrier on that its time is before. Of several comparing tasks one may be ahead: what it has found for the
 * next barrier comes before another one has passed this one, and waits.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before all else
final class Verdicts extends AbstractStreamOperator<Message> implements OneInputStreamOperator<TableDelta, Message> {

    private static final long serialVersionUID = 1;

    private final ArrayList<ProvenTable> tables;
    private final Reports reports;
    private final long[] rows;
    private final long[] bytes;
    private transient Map<Long, TableTotals> totals;
    private transient NavigableMap<Long, List<TableDelta>> waiting;
    private transient Map<Long, Integer> laneOf;
    private transient long proven;
    private transient ListState<TableTotals> savedTotals;
    private transient ListState<Long> savedProven;

    Verdicts(List<ProvenTable> tables, int lanes, Reports reports) {
        this.tables = new ArrayList<>(tables);
        this.reports = reports;
        rows = new long[lanes];
        bytes = new long[lanes];
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        totals = new HashMap<>();
        waiting = new TreeMap<>();
        laneOf = new HashMap<>();
        for (ProvenTable table : tables) {
            totals.put(table.code(), TableTotals.empty(table.code()));
            laneOf.put(table.code(), table.lane());
        }
        var store = context.getOperatorStateStore();
        savedTotals = store.getListState(new ListStateDescriptor<>("totals", TableTotals.TYPE));
        savedProven = store.getListState(new ListStateDescriptor<>("proven", Types.LONG));
        for (TableTotals table : savedTotals.get()) totals.put(table.table(), table);
        for (long barrier : savedProven.get()) proven = barrier;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        // checkpoints are aligned: every task before this one has passed the same barriers
        if (!waiting.isEmpty()) throw new IllegalStateException("deltas wait for a barrier: " + waiting.keySet());
        savedTotals.update(List.copyOf(totals.values()));
        savedProven.update(List.of(proven));
    }

    @Override
    public void processElement(StreamRecord<TableDelta> element) {
        waiting.computeIfAbsent(element.getTimestamp(), time -> new ArrayList<>())
                .add(element.getValue());
    }

    private void count(TableDelta delta) {
        totals.computeIfPresent(delta.table(), (same, table) -> table.plus(delta));
        if (delta.side() != Side.SOURCE) return; // a change that is carried comes on both
        int lane = laneOf.getOrDefault(delta.table(), 0);
        rows[lane] += delta.changes();
        bytes[lane] += delta.bytes();
    }

    @Override
    public void processWatermark(Watermark mark) {
        long barrier = mark.getTimestamp();
        NavigableMap<Long, List<TableDelta>> due = waiting.headMap(barrier, true);
        due.values().forEach(deltas -> deltas.forEach(this::count));
        due.clear();
        if (barrier <= proven || barrier == Watermark.MAX_WATERMARK.getTimestamp()) return;
        proven = barrier;
        long now = reports.nowMicros();
        for (ProvenTable table : tables) {
            TableTotals sums = totals.getOrDefault(table.code(), TableTotals.empty(table.code()));
            emit(reports.verdict(table.id(), sums, barrier, now));
        }
        for (int lane = 0; lane < rows.length; lane++)
            emit(reports.proven(lane, barrier, now, rows[lane], bytes[lane]));
    }

    private void emit(Message message) {
        output.collect(new StreamRecord<>(message));
    }
}
