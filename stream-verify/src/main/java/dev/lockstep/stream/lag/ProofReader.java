package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.Stage;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import dev.lockstep.schemas.message.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Makes a view of the proof out of the stores. */
record ProofReader(
        StageStores stages,
        ReadOnlyKeyValueStore<Bytes, byte[]> verdicts,
        ReadOnlyKeyValueStore<Bytes, byte[]> mismatches,
        ReadOnlyKeyValueStore<Bytes, byte[]> first) {

    ProofView view() {
        List<RecentVerdicts> tables = tables();
        Optional<StageProgress> proven = stages.progress(Stage.PROVEN);
        return new ProofView(
                true,
                proven.map(StageProgress::barriers).orElse(0L),
                proven.map(progress -> Micros.toInstant(progress.barrierMicros())),
                tables.stream().flatMap(table -> table.newest().stream()).toList(),
                complete(tables),
                mismatches.approximateNumEntries(), // exact for a store in memory
                shown(entry -> Messages.MISMATCH.decode(entry.value)),
                shown(entry -> Messages.decodeKey(entry.key.get())),
                firstMismatch());
    }

    private List<RecentVerdicts> tables() {
        List<RecentVerdicts> found = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = verdicts.all()) {
            entries.forEachRemaining(entry -> found.add(RecentVerdicts.decode(entry.value)));
        }
        return found;
    }

    private static List<TableVerdict> complete(List<RecentVerdicts> tables) {
        if (tables.isEmpty()) return List.of();
        TreeSet<Long> shared = new TreeSet<>(tables.get(0).barriers());
        for (RecentVerdicts table : tables) shared.retainAll(table.barriers());
        if (shared.isEmpty()) return List.of();
        long barrier = shared.last();
        return tables.stream().flatMap(table -> table.at(barrier).stream()).toList();
    }

    private <T> List<T> shown(Function<KeyValue<Bytes, byte[]>, T> part) {
        List<T> found = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = mismatches.all()) {
            while (entries.hasNext() && found.size() < ProofView.SHOWN) found.add(part.apply(entries.next()));
        }
        return found;
    }

    private Optional<Instant> firstMismatch() {
        return Optional.ofNullable(first.get(MismatchProcessor.FIRST))
                .map(MismatchProcessor::micros)
                .map(Micros::toInstant);
    }
}
