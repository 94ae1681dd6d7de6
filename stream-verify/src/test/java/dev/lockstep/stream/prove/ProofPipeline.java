package dev.lockstep.stream.prove;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.avro.StageReport;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.prove.Change.RowChange;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The job's steps in a row, without threads: what goes in has had its whole effect when the call returns. */
final class ProofPipeline implements AutoCloseable {

    /** So few that the state is used as well. */
    private static final int MOST_IN_MEMORY = 20;

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC);

    private final Map<Side, ChangeDecoder> decoders;
    private final TwoInputStreamOperatorTestHarness<Change, Change, RowChange> clock;
    private final KeyedOneInputStreamOperatorTestHarness<RowDigest, RowChange, TableDelta> rows;
    private final OneInputStreamOperatorTestHarness<TableDelta, Message> verdicts;
    private final List<Message> messages = new ArrayList<>();

    /** A checkpoint of all steps. */
    record Saved(OperatorSubtaskState clock, OperatorSubtaskState rows, OperatorSubtaskState verdicts) {}

    static ProofPipeline of(int lanes, TableMapping... tables) throws Exception {
        ProofPipeline pipeline = new ProofPipeline(lanes, List.of(tables));
        pipeline.open();
        return pipeline;
    }

    static ProofPipeline restored(Saved saved, int lanes, TableMapping... tables) throws Exception {
        ProofPipeline pipeline = new ProofPipeline(lanes, List.of(tables));
        pipeline.clock.initializeState(saved.clock);
        pipeline.rows.initializeState(saved.rows);
        pipeline.verdicts.initializeState(saved.verdicts);
        pipeline.open();
        return pipeline;
    }

    private ProofPipeline(int lanes, List<TableMapping> mappings) throws Exception {
        List<ProvenTable> tables = mappings.stream().map(ProvenTable::of).toList();
        Reports reports = Reports.to(Shop.TOPICS, CLOCK);
        decoders = Map.of(
                Side.SOURCE, new ChangeDecoder(Side.SOURCE, tables, lanes),
                Side.TARGET, new ChangeDecoder(Side.TARGET, tables, lanes));
        clock = new TwoInputStreamOperatorTestHarness<>(new BarrierClock(lanes));
        rows = new KeyedOneInputStreamOperatorTestHarness<>(
                new RowComparison(reports, MOST_IN_MEMORY), RowChange::row, DigestSerializer.TYPE);
        verdicts = new OneInputStreamOperatorTestHarness<>(new Verdicts(tables, lanes, reports));
    }

    private void open() throws Exception {
        clock.open();
        rows.open();
        verdicts.open();
    }

    ProofPipeline source(Shop.Event... events) throws Exception {
        for (Shop.Event event : events) feed(Side.SOURCE, 0, event);
        return this;
    }

    ProofPipeline target(Shop.Event... events) throws Exception {
        for (Shop.Event event : events) feed(Side.TARGET, 0, event);
        return this;
    }

    void feed(Side side, int lane, Shop.Event event) throws Exception {
        List<Change> changes = new ArrayList<>();
        decoders.get(side).deserialize(record(lane, event), collector(changes));
        for (Change change : changes) {
            if (side == Side.SOURCE) clock.processElement1(new StreamRecord<>(change));
            else clock.processElement2(new StreamRecord<>(change));
        }
        drain();
    }

    static ConsumerRecord<byte[], byte[]> record(int lane, Shop.Event event) {
        return new ConsumerRecord<>("t", lane, 0, Messages.encode(event.key()), Messages.encode(event.change()));
    }

    private static Collector<Change> collector(List<Change> into) {
        return new Collector<>() {
            @Override
            public void collect(Change change) {
                into.add(change);
            }

            @Override
            public void close() {}
        };
    }

    @SuppressWarnings("unchecked")
    private void drain() throws Exception {
        for (Object next : taken(clock.getOutput())) {
            if (next instanceof Watermark mark) rows.processWatermark(mark);
            else rows.processElement((StreamRecord<RowChange>) next);
        }
        Queue<StreamRecord<Message>> named = rows.getSideOutput(RowComparison.MISMATCHES);
        if (named != null) for (Object next : taken(named)) messages.add(((StreamRecord<Message>) next).getValue());
        for (Object next : taken(rows.getOutput())) {
            if (next instanceof Watermark mark) verdicts.processWatermark(mark);
            else verdicts.processElement((StreamRecord<TableDelta>) next);
        }
        for (Object next : taken(verdicts.getOutput())) messages.add(((StreamRecord<Message>) next).getValue());
    }

    private static List<Object> taken(Queue<?> queue) {
        List<Object> all = new ArrayList<>(queue);
        queue.clear();
        return all;
    }

    Saved save() throws Exception {
        return new Saved(clock.snapshot(1, 1), rows.snapshot(1, 1), verdicts.snapshot(1, 1));
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    List<TableVerdict> verdicts() {
        return verdicts(messages);
    }

    static List<TableVerdict> verdicts(List<Message> messages) {
        return values(messages, Shop.TOPICS.verdicts()).stream()
                .map(Messages.TABLE_VERDICT::decode)
                .toList();
    }

    List<StageReport> stages() {
        return values(Shop.TOPICS.stages()).stream()
                .map(Messages.STAGE_REPORT::decode)
                .toList();
    }

    /** What the compacted topic of mismatches holds in the end. */
    Map<RowKey, Mismatch> mismatches() {
        return mismatches(messages);
    }

    static Map<RowKey, Mismatch> mismatches(List<Message> messages) {
        Map<RowKey, Mismatch> open = new LinkedHashMap<>();
        for (Message message : messages) {
            if (!message.topic().equals(Shop.TOPICS.mismatches())) continue;
            RowKey key = Messages.decodeKey(message.key());
            if (message.value() == null) open.remove(key);
            else open.put(key, Messages.MISMATCH.decode(message.value()));
        }
        return open;
    }

    List<byte[]> values(String topic) {
        return values(messages, topic);
    }

    private static List<byte[]> values(List<Message> messages, String topic) {
        return messages.stream()
                .filter(message -> message.topic().equals(topic))
                .map(Message::value)
                .toList();
    }

    int pendingTimers() {
        return rows.numEventTimeTimers();
    }

    int stateEntries() {
        return rows.numKeyedStateEntries();
    }

    @Override
    public void close() throws Exception {
        clock.close();
        rows.close();
        verdicts.close();
    }
}
