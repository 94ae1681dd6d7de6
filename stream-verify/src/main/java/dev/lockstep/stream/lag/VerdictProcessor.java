package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps the newest verdicts of each table. */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
final class VerdictProcessor implements Processor<byte[], byte[], Void, Void> {

    private final Set<String> retired;
    private KeyValueStore<Bytes, byte[]> verdicts;

    VerdictProcessor(Set<String> retired) {
        this.retired = retired;
    }

    @Override
    public void init(ProcessorContext<Void, Void> streams) {
        verdicts = streams.getStateStore(LagTopology.VERDICTS);
        retired.forEach(table -> verdicts.delete(key(table)));
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        TableVerdict verdict = Messages.TABLE_VERDICT.decode(message.value());
        if (retired.contains(verdict.getTable())) return;
        Bytes table = key(verdict.getTable());
        RecentVerdicts before = RecentVerdicts.decode(verdicts.get(table));
        RecentVerdicts after = before.plus(verdict, message.value());
        if (after != before) verdicts.put(table, after.encode());
    }

    private static Bytes key(String table) {
        return Bytes.wrap(table.getBytes(StandardCharsets.UTF_8));
    }
}
