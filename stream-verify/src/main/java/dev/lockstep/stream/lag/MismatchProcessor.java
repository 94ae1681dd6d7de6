package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Mismatch;
import dev.lockstep.schemas.message.Messages;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Keeps the rows that differ now, and since when any ever has. */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
final class MismatchProcessor implements Processor<byte[], byte[], Void, Void> {

    static final Bytes FIRST = Bytes.wrap(new byte[] {0});

    private final Set<String> retired;
    private KeyValueStore<Bytes, byte[]> mismatches;
    private KeyValueStore<Bytes, byte[]> first;

    MismatchProcessor(Set<String> retired) {
        this.retired = retired;
    }

    @Override
    public void init(ProcessorContext<Void, Void> streams) {
        mismatches = streams.getStateStore(LagTopology.MISMATCHES);
        first = streams.getStateStore(LagTopology.FIRST_MISMATCH);
        forget();
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        Bytes row = Bytes.wrap(message.key());
        byte @Nullable [] mismatch = message.value();
        if (mismatch == null) {
            mismatches.delete(row);
            return;
        }
        Mismatch found = Messages.MISMATCH.decode(mismatch);
        if (retired.contains(found.getTable())) return;
        long seen = found.getFirstSeenMicros();
        mismatches.put(row, mismatch);
        byte[] known = first.get(FIRST);
        if (known == null || seen < micros(known))
            first.put(FIRST, ByteBuffer.allocate(Long.BYTES).putLong(seen).array());
    }

    /** Rows of retired tables heal no more: nothing is said of them. */
    private void forget() {
        if (retired.isEmpty()) return;
        List<Bytes> rows = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = mismatches.all()) {
            entries.forEachRemaining(entry -> {
                if (retired.contains(Messages.MISMATCH.decode(entry.value).getTable())) rows.add(entry.key);
            });
        }
        rows.forEach(mismatches::delete);
    }

    static long micros(byte[] encoded) {
        return ByteBuffer.wrap(encoded).getLong();
    }
}
