package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.CopyChunk;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts what the readers read. Thread-safe. */
final class Meter {

    private static final class Count {
        final long estimate;
        final AtomicLong rows = new AtomicLong();

        Count(long estimate) {
            this.estimate = estimate;
        }
    }

    private final LongSupplier nanoTime;
    private final AtomicLong bytes = new AtomicLong();
    private volatile Map<String, Count> parts = Map.of();
    private volatile String note = "";
    private volatile long begun;
    private volatile long rowsBefore;
    private volatile boolean done;

    Meter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void note(String text) {
        note = text;
    }

    /** Reading begins, after what is copied already. */
    void begin(List<Part> all, Collection<CopyChunk> copied) {
        Map<String, Count> counts = new LinkedHashMap<>();
        for (Part part : all) counts.put(part.name(), new Count(part.estimatedRows()));
        parts = counts;
        bytes.set(0);
        for (CopyChunk chunk : copied) add(chunk.part(), chunk.rows(), chunk.bytes());
        rowsBefore = rows();
        begun = nanoTime.getAsLong();
        note = "";
    }

    void add(String part, long rows, long moreBytes) {
        Count count = parts.get(part);
        if (count != null) count.rows.addAndGet(rows);
        bytes.addAndGet(moreBytes);
    }

    void finished() {
        done = true;
        note = "";
    }

    CopyProgress progress() {
        long rows = rows();
        double seconds = parts.isEmpty() ? 0 : (nanoTime.getAsLong() - begun) / 1e9;
        double rate = seconds < 0.001 || done ? 0 : (rows - rowsBefore) / seconds;
        Long estimate = estimate();
        Duration left = done || estimate == null || rate < 0.001
                ? null
                : Duration.ofMillis((long) (Math.max(0, estimate - rows) / rate * 1000));
        return new CopyProgress(note, rows, bytes.get(), estimate, rate, left, done);
    }

    private long rows() {
        return parts.values().stream().mapToLong(count -> count.rows.get()).sum();
    }

    private @Nullable Long estimate() {
        if (parts.isEmpty() || parts.values().stream().anyMatch(count -> count.estimate < 0 && count.rows.get() == 0))
            return null;
        return parts.values().stream()
                .mapToLong(count -> Math.max(count.estimate, count.rows.get()))
                .sum();
    }
}
