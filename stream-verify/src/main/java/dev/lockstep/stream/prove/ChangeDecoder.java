package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.ChangeEvent;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.stream.prove.RowImage.Before;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reduces a change event to its digests at once, so that no row value goes further into the job. A record that cannot be read
 * ends the job with its place: to pass over it would be to prove less than is said, and to start again would not make it readable.
 */
final class ChangeDecoder implements KafkaRecordDeserializationSchema<Change> {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ChangeDecoder.class);

    private final Side side;
    private final int lanes;
    private final HashMap<String, ProvenTable> tables = new HashMap<>();
    private final HashSet<String> unknown = new HashSet<>();

    ChangeDecoder(Side side, List<ProvenTable> tables, int lanes) {
        this.side = side;
        this.lanes = lanes;
        for (ProvenTable table : tables) this.tables.put(table.id(), table);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Change> out) {
        @Nullable Change change;
        try {
            change = decode(message);
        } catch (RuntimeException e) {
            throw new SuppressRestartsException(new IOException(
                    "cannot read the change at topic %s, partition %d, offset %d: %s"
                            .formatted(message.topic(), message.partition(), message.offset(), e.getMessage()),
                    e));
        }
        if (change != null) out.collect(change);
    }

    private @Nullable Change decode(ConsumerRecord<byte[], byte[]> message) {
        int lane = message.partition();
        if (lane >= lanes) throw new IllegalArgumentException("the migration has " + lanes + " lanes only");
        ChangeEvent event = Messages.decodeChange(message.value());
        if (event.operation() == Operation.COMMIT) return null;
        if (event.table().equals(Barrier.MAPPING.id())) return barrier(event, lane);
        ProvenTable table = tables.get(event.table());
        if (table == null) return warnOnce(event.table());
        byte[] key = message.key();
        RowImage image = image(table, event, key, message.serializedKeySize() + message.serializedValueSize());
        return new Change.RowChange(side, lane, RowDigest.of(Messages.decodeKey(key)), image, event.position());
    }

    /** A delete without a place in the log is of a row that was read anew and is gone. */
    private static RowImage image(ProvenTable table, ChangeEvent event, byte[] key, int bytes) {
        RowDigest digest = digest(event);
        if (event.operation() == Operation.READ || event.position().equals(Position.SNAPSHOT))
            return RowImage.read(table.code(), key, digest, bytes);
        return RowImage.changed(table.code(), key, digest, bytes, before(table, event));
    }

    private static @Nullable Before before(ProvenTable table, ChangeEvent event) {
        if (!table.isFirst()) return null;
        if (event.operation() == Operation.INSERT) return new Before(null);
        Row before = event.before();
        if (before == null || hasKeyAlone(table, before)) return null;
        return new Before(RowDigest.of(event.table(), before));
    }

    /** Where the replica identity was changed meanwhile, the log fills what it lacks with nulls. */
    private static boolean hasKeyAlone(ProvenTable table, Row row) {
        BitSet values = table.values();
        for (int column = values.nextSetBit(0); column >= 0; column = values.nextSetBit(column + 1))
            if (!(row.values().get(column) instanceof Value.Null)) return false;
        return !values.isEmpty();
    }

    /** Both directions' count: one carries at a time, and where they change both sides have passed the same last one. */
    private @Nullable Change barrier(ChangeEvent event, int lane) {
        Optional<Barrier> barrier = Barrier.in(event);
        if (barrier.isEmpty() || barrier.get().trial() || barrier.get().lane() != lane) return null;
        return new Change.LaneBarrier(lane, barrier.get().micros());
    }

    private static @Nullable RowDigest digest(ChangeEvent event) {
        Row after = event.after();
        if (event.operation() == Operation.DELETE) return null;
        if (after == null) throw new IllegalArgumentException(event.operation() + " without the row after it");
        return RowDigest.of(event.table(), after);
    }

    private @Nullable Change warnOnce(String table) {
        if (unknown.add(table))
            LOG.warn("changes of a table that is not proven are left out: side={} table={}", side, table);
        return null;
    }

    @Override
    public TypeInformation<Change> getProducedType() {
        return Change.TYPE;
    }
}
