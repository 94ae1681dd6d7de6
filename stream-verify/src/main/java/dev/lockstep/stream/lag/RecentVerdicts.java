package dev.lockstep.stream.lag;

import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Messages;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table's last few verdicts, the newest first: at one moment tables have come to different barriers, and may share an older one. */
record RecentVerdicts(List<Entry> entries) {

    private static final int KEPT = 8;

    /** A verdict still encoded, beside what is looked for. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(long barrierMicros, byte[] verdict) {}

    static final RecentVerdicts NONE = new RecentVerdicts(List.of());

    /** With one more; as it is if the verdict is of an older barrier or of one that is in already. */
    RecentVerdicts plus(TableVerdict verdict, byte[] encoded) {
        long barrier = verdict.getBarrierMicros();
        if (!entries.isEmpty() && barrier <= entries.get(0).barrierMicros()) return this;
        List<Entry> more = new ArrayList<>();
        more.add(new Entry(barrier, encoded));
        more.addAll(entries.subList(0, Math.min(KEPT - 1, entries.size())));
        return new RecentVerdicts(more);
    }

    List<Long> barriers() {
        return entries.stream().map(Entry::barrierMicros).toList();
    }

    Optional<TableVerdict> newest() {
        return entries.stream().findFirst().map(entry -> Messages.TABLE_VERDICT.decode(entry.verdict()));
    }

    Optional<TableVerdict> at(long barrierMicros) {
        return entries.stream()
                .filter(entry -> entry.barrierMicros() == barrierMicros)
                .findFirst()
                .map(entry -> Messages.TABLE_VERDICT.decode(entry.verdict()));
    }

    byte[] encode() {
        int size = entries.stream()
                .mapToInt(entry -> Long.BYTES + Integer.BYTES + entry.verdict().length)
                .sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        for (Entry entry : entries)
            out.putLong(entry.barrierMicros()).putInt(entry.verdict().length).put(entry.verdict());
        return out.array();
    }

    static RecentVerdicts decode(byte @Nullable [] bytes) {
        if (bytes == null) return NONE;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Entry> entries = new ArrayList<>();
        while (in.hasRemaining()) {
            long barrier = in.getLong();
            byte[] verdict = new byte[in.getInt()];
            in.get(verdict);
            entries.add(new Entry(barrier, verdict));
        }
        return new RecentVerdicts(entries);
    }
}
