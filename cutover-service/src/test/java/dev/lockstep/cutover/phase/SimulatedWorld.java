package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Two databases, their stream, DNS and a journal, in a time of its own. An application writes wherever it can, at every step. The world itself
 * asserts, around every act, what must never be. Faults are injected by the number of the act.
 */
final class SimulatedWorld extends Clock {

    static final Set<String> TABLES = Set.of("shop.items", "shop.orders");
    static final DnsChange DNS = new DnsChange(
            List.of("db.shop. A 127.0.0.2"), List.of("db.shop. A 127.0.0.3"), OptionalLong.of(7), OptionalLong.of(8));

    final Map<Integer, Fault> faults = new HashMap<>();
    final List<String> acts = new ArrayList<>();
    final List<CutoverEvent> journaled = new ArrayList<>();
    Instant now = Instant.parse("2026-05-01T12:00:00Z");
    boolean sourceWritable = true;
    boolean targetWritable;
    boolean dnsOnTarget;
    boolean flipRefused;
    boolean differs;
    boolean stalled;
    int flipsSent;

    private long sourceRows = 100;
    private long appliedRows = 100;
    private final Map<Long, Long> rowsAtBarrier = new HashMap<>();
    private final Map<Long, Integer> polls = new HashMap<>();
    private long equalAt = -1L;
    private int looksUntilSettled;
    private boolean lateFlip;
    private MemoryJournal owner = new MemoryJournal();

    CutoverPorts ports() {
        return new CutoverPorts(
                new SourceWrites(),
                new TargetWrites(),
                this::writeBarrier,
                this::verdictsAt,
                this::advance,
                new Dns(),
                TABLES);
    }

    /** A journal as a controller that starts now has it; it takes over. */
    Journal openJournal() {
        owner = new MemoryJournal();
        return owner;
    }

    void rest(Duration duration) {
        now = now.plus(duration);
    }

    private <T> T act(String name, Supplier<T> effect) {
        acts.add(name);
        Fault fault = faults.remove(acts.size());
        now = now.plusMillis(1);
        if (fault == Fault.CRASH_BEFORE) throw new Fault.Crash();
        if (fault == Fault.FAILS && !name.startsWith("journal")) throw new Fault.Failure(name);
        if (fault == Fault.SLOW) now = now.plusSeconds(11);
        // Between the probe and the act nobody can keep the world from changing.
        if (fault == Fault.FENCE_FALLS && !targetWritable && !name.equals("target.allow")) sourceWritable = true;
        if (fault == Fault.TAKEN_OVER) owner = new MemoryJournal();
        applicationWrites();
        T result = effect.get();
        applicationWrites();
        if (fault == Fault.CRASH_AFTER) throw new Fault.Crash();
        if (fault == Fault.FAILS_AFTER_ITS_EFFECT) throw new Fault.Failure(name);
        return result;
    }

    private void applicationWrites() {
        assertThat(sourceWritable && targetWritable)
                .as("both sides writable, after %s", acts)
                .isFalse();
        if (sourceWritable) sourceRows++;
    }

    private long writeBarrier() {
        return act("barrier", () -> {
            long barrier = ChronoUnit.MICROS.between(Instant.EPOCH, now);
            rowsAtBarrier.put(barrier, sourceRows);
            return barrier;
        });
    }

    /** In at the third look: first nothing, then a part. */
    private Optional<List<TableVerdict>> verdictsAt(long barrier) {
        return this.<Optional<List<TableVerdict>>>act("proof", () -> {
            int poll = stalled ? 1 : polls.merge(barrier, 1, Integer::sum);
            if (poll == 1) return Optional.empty();
            if (poll == 2) return Optional.of(List.of(verdict("shop.items", barrier)));
            appliedRows = rowsAtBarrier.get(barrier);
            equalAt = differs ? -1L : barrier;
            return Optional.of(List.of(verdict("shop.items", barrier), verdict("shop.orders", barrier)));
        });
    }

    private TableVerdict verdict(String table, long barrier) {
        long rows = rowsAtBarrier.get(barrier);
        boolean wrong = differs && table.equals("shop.orders");
        return new TableVerdict(
                table, barrier, rows, rows, digest(1), digest(wrong ? 2 : 1), wrong ? 1L : 0, barrier + 1);
    }

    static Digest128 digest(int last) {
        byte[] bytes = new byte[16];
        bytes[15] = (byte) last;
        return new Digest128(bytes);
    }

    private void advance() {
        act("sequences", () -> null);
    }

    private final class SourceWrites implements Writes {
        @Override
        public void stop() {
            act("source.stop", () -> sourceWritable = false);
        }

        @Override
        public void allow() {
            act("source.allow", () -> {
                assertThat(dnsOnTarget || looksUntilSettled > 0)
                        .as("the source unfenced while the flip may have been made, after %s", acts)
                        .isFalse();
                return sourceWritable = true;
            });
        }

        @Override
        public boolean stopped() {
            return act("source.probe", () -> !sourceWritable);
        }
    }

    private final class TargetWrites implements Writes {
        @Override
        public void stop() {
            act("target.stop", () -> targetWritable = false);
        }

        @Override
        public void allow() {
            act("target.allow", () -> {
                assertThat(dnsOnTarget).as("DNS on the target when it opens").isTrue();
                assertThat(targetWritable || appliedRows == sourceRows)
                        .as("every row is there when the target opens, after %s", acts)
                        .isTrue();
                return targetWritable = true;
            });
        }

        @Override
        public boolean stopped() {
            return act("target.probe", () -> !targetWritable);
        }
    }

    private final class Dns implements Traffic {
        @Override
        public FlipResult flip(Deadline deadline) {
            Fault fault = faults.get(acts.size() + 1);
            boolean fenceFalls = fault == Fault.FENCE_FALLS;
            return act("flip", () -> {
                if (deadline.isPast() || flipRefused) return new FlipResult.NotDone("refused");
                flipsSent++;
                assertThat(equalAt).as("proven equal when the flip is sent").isPositive();
                assertThat(fenceFalls || rowsAtBarrier.get(equalAt) == sourceRows)
                        .as("nothing written since the proof's barrier when the flip is sent, after %s", acts)
                        .isTrue();
                if (fault == Fault.FLIP_COMES_LATE || fault == Fault.FLIP_IS_LOST) {
                    looksUntilSettled = 3;
                    lateFlip = fault == Fault.FLIP_COMES_LATE;
                    return new FlipResult.Unsettled("no reply");
                }
                dnsOnTarget = true;
                return new FlipResult.Done(DNS);
            });
        }

        @Override
        public FlipResult look() {
            return act("look", () -> {
                if (looksUntilSettled > 0 && --looksUntilSettled > 0) return new FlipResult.Unsettled("old data");
                dnsOnTarget |= lateFlip;
                lateFlip = false;
                return dnsOnTarget ? new FlipResult.Done(DNS) : new FlipResult.NotDone("DNS names the source");
            });
        }

        @Override
        public void flipBack() {
            throw new AssertionError("no step of the cutover");
        }
    }

    /** A controller's hold on what was journaled: broken by its first failure, and fenced off by the next controller. */
    private final class MemoryJournal implements Journal {

        private boolean broken;

        @Override
        public List<CutoverEvent> read() {
            return List.copyOf(journaled);
        }

        @Override
        public void append(CutoverEvent event) {
            Fault fault = faults.get(acts.size() + 1);
            if (broken) throw new JournalException("broken before");
            act("journal " + event.getPhase(), () -> {
                if (owner != this) throw new FencedOffException("shop", new Fault.Failure("append"));
                broken = fault == Fault.FAILS || fault == Fault.FAILS_AFTER_ITS_EFFECT;
                if (fault != Fault.FAILS) journaled.add(event);
                if (broken) throw new JournalException("Kafka is away");
                return null;
            });
        }

        @Override
        public void close() {}
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
