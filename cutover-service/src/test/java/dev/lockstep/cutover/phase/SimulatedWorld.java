package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two databases, the streams between them, DNS and a journal, in a time of its own. An application writes wherever it can, at every step. The world
 * itself asserts, around every act, what must never be. Faults are injected by the number of the act.
 */
final class SimulatedWorld extends Clock {

    static final Set<String> TABLES = Set.of("shop.items", "shop.orders");
    static final DnsChange DNS = new DnsChange(
            List.of("db.shop. A 127.0.0.2"),
            List.of("db.shop. A 127.0.0.3"),
            OptionalLong.of(7),
            OptionalLong.of(8),
            OptionalLong.of(60));

    /** Entries with which a move has ended. */
    private static final Set<String> ENDS = Set.of("OPEN", "ROLLED_BACK", "FOLLOWING", "SOAKING");

    private static final int FAILURES_UNTIL_STOPPED = 150;

    final Map<Integer, Fault> faults = new HashMap<>();
    final List<String> acts = new ArrayList<>();
    final List<CutoverEvent> journaled = new ArrayList<>();
    final Set<Side> writable = EnumSet.of(Side.SOURCE);

    /** Of those, the ones where not everybody can write: left half-way open. */
    final Set<Side> half = EnumSet.noneOf(Side.class);

    final SimulatedStreams streams;
    Instant now = Instant.parse("2026-05-01T12:00:00Z");
    Side dns = Side.SOURCE;
    Direction moving = Direction.FORWARD;
    boolean flipRefused;

    /** What others do during an act, by its number. */
    final Map<Integer, Runnable> meanwhile = new HashMap<>();

    boolean differs;
    boolean stalled;
    int flipsSent;
    private boolean gateClosed;
    private boolean cleared;
    private boolean betweenLastBarriers;

    private final Map<Long, Integer> placeOfBarrier = new HashMap<>();
    private final Map<Long, Integer> polls = new HashMap<>();
    private long equalAt = -1L;
    private int looksUntilSettled;
    private @Nullable Side lateFlip;
    private MemoryJournal owner = new MemoryJournal();

    SimulatedWorld() {
        this(false);
    }

    SimulatedWorld(boolean eager) {
        streams = new SimulatedStreams(eager);
    }

    CutoverPorts ports() {
        return new CutoverPorts(
                this::require,
                new Database(this, Side.SOURCE),
                new Database(this, Side.TARGET),
                new Streams(),
                this::verdictsAt,
                direction -> act("sequences", () -> null),
                new Dns(),
                TABLES);
    }

    /** A journal as a controller that starts now has it; it takes over. */
    Journal openJournal() {
        streams.die();
        owner = new MemoryJournal();
        return owner;
    }

    void rest(Duration duration) {
        now = now.plus(duration);
    }

    /** Of a process that is asked to stop now and then while a step fails. */
    Patience patience() {
        AtomicInteger failures = new AtomicInteger();
        return trouble -> {
            rest(Duration.ofMillis(200));
            return failures.incrementAndGet() % FAILURES_UNTIL_STOPPED != 0;
        };
    }

    boolean sourceWritable() {
        return writable.contains(Side.SOURCE);
    }

    boolean targetWritable() {
        return writable.contains(Side.TARGET);
    }

    /** All that the direction carries has come. */
    void settle(Direction carrying) {
        assertThat(streams.carrying).as("what carries, after %s", acts).isEqualTo(carrying);
        streams.apply(carrying, streams.end(carrying.origin()));
        for (Side side : Side.values())
            assertThat(streams.hasAllOf(side, side == Side.SOURCE ? Side.TARGET : Side.SOURCE))
                    .as("%s has every row, after %s", side, acts)
                    .isTrue();
    }

    private <T> T act(String name, Supplier<T> effect) {
        acts.add(name);
        Fault fault = faults.remove(acts.size());
        now = now.plusMillis(1);
        meanwhile.getOrDefault(acts.size(), () -> {}).run();
        if (fault == Fault.CRASH_BEFORE) throw new Fault.Crash();
        if (fault == Fault.FAILS && !name.startsWith("journal")) throw new Fault.Failure(name);
        if (fault == Fault.SLOW) now = now.plusSeconds(11);
        if (fault == Fault.FENCE_FALLS) fenceFalls(name);
        if (fault == Fault.GATE_CLOSES) gateClosed = true;
        if (fault == Fault.BREACH && betweenLastBarriers) streams.write(moving.origin());
        if (fault == Fault.TAKEN_OVER) owner = new MemoryJournal();
        timeGoesBy();
        T result = effect.get();
        timeGoesBy();
        if (fault == Fault.CRASH_AFTER) throw new Fault.Crash();
        if (fault == Fault.FAILS_AFTER_ITS_EFFECT) throw new Fault.Failure(name);
        return result;
    }

    private void require(Direction direction) {
        act("clearance", () -> {
            if (gateClosed) throw new NotClearedException("a gate is closed");
            return cleared = true;
        });
    }

    private void fenceFalls(String act) {
        String opening = moving.destination().label() + ".allow";
        // Between the probe and the act nobody can keep the world from changing.
        if (!writable.contains(moving.destination()) && !act.equals(opening)) writable.add(moving.origin());
    }

    private void timeGoesBy() {
        assertThat(writable).as("sides that are writable, after %s", acts).hasSizeLessThan(2);
        writable.forEach(streams::write);
        streams.flow();
    }

    /** In at the third look: first nothing, then a part. */
    private Optional<List<TableVerdict>> verdictsAt(long barrier) {
        return this.<Optional<List<TableVerdict>>>act("proof", () -> {
            int poll = stalled ? 1 : polls.merge(barrier, 1, Integer::sum);
            if (poll == 1) return Optional.empty();
            if (poll == 2) return Optional.of(List.of(verdict("shop.items", barrier)));
            streams.apply(moving, placeOfBarrier.get(barrier));
            equalAt = differs ? -1L : barrier;
            return Optional.of(List.of(verdict("shop.items", barrier), verdict("shop.orders", barrier)));
        });
    }

    private TableVerdict verdict(String table, long barrier) {
        long rows = placeOfBarrier.get(barrier);
        boolean wrong = differs && table.equals("shop.orders");
        return new TableVerdict(
                table, barrier, rows, rows, digest(1), digest(wrong ? 2 : 1), wrong ? 1L : 0, barrier + 1);
    }

    static Digest128 digest(int last) {
        byte[] bytes = new byte[16];
        bytes[15] = (byte) last;
        return new Digest128(bytes);
    }

    private record Database(SimulatedWorld world, Side side) implements Writes {
        @Override
        public void settle(Runnable wanted) {
            world.act(side.label() + ".settle", () -> {
                wanted.run();
                return null;
            });
        }

        @Override
        public void stop() {
            Fault fault = world.faults.get(world.acts.size() + 1);
            world.act(side.label() + ".stop", () -> {
                if (fault == Fault.HALF_DONE && world.writable.contains(side)) throw world.half(side, "stop");
                if (side == world.moving.origin()) world.betweenLastBarriers = false;
                world.half.remove(side);
                return world.writable.remove(side);
            });
        }

        @Override
        public void allow() {
            Fault fault = world.faults.get(world.acts.size() + 1);
            world.act(side.label() + ".allow", () -> {
                world.assertMayOpen(side);
                world.writable.add(side);
                if (fault == Fault.HALF_DONE) throw world.half(side, "allow");
                return world.half.remove(side);
            });
        }

        @Override
        public boolean open() {
            return world.act(side.label() + ".open", () -> world.writable.contains(side) && !world.half.contains(side));
        }

        @Override
        public boolean stopped() {
            return world.act(side.label() + ".probe", () -> !world.writable.contains(side));
        }
    }

    private Fault.Failure half(Side side, String act) {
        half.add(side);
        return new Fault.Failure(side.label() + "." + act);
    }

    private void assertMayOpen(Side side) {
        Side other = side == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        assertThat(dns == side && looksUntilSettled == 0)
                .as("DNS is known to name the %s when it opens, after %s", side, acts)
                .isTrue();
        assertThat(writable.contains(side) || streams.hasAllOf(side, other))
                .as("every row is on the %s when it opens, after %s", side, acts)
                .isTrue();
        assertThat(side == moving.destination() && !writable.contains(side) ? streams.carrying : null)
                .as("what carries or is rehearsed when the %s opens, after %s", side, acts)
                .isNull();
    }

    private final class Streams implements Flow {
        @Override
        public void carry(Direction direction) {
            act("carry " + direction, () -> streams.carrying = direction);
        }

        @Override
        public void halt() {
            act("halt", () -> streams.carrying = null);
        }

        @Override
        public long writeLast() {
            return act("barrier", () -> {
                long barrier = ChronoUnit.MICROS.between(Instant.EPOCH, now);
                assertThat(streams.carrying)
                        .as("what carries at the last barrier")
                        .isEqualTo(moving);
                placeOfBarrier.put(barrier, streams.end(moving.origin()));
                betweenLastBarriers = !betweenLastBarriers;
                return barrier;
            });
        }

        @Override
        public void mark(Deadline deadline) {
            act("mark", () -> {
                assertThat(streams.carrying).as("what carries at the mark").isEqualTo(moving);
                streams.passOver(moving.opposite());
                return null;
            });
        }
    }

    private final class Dns implements Traffic {
        @Override
        public FlipResult flip(Direction direction, Deadline deadline) {
            Fault fault = faults.get(acts.size() + 1);
            boolean fenceFalls = fault == Fault.FENCE_FALLS;
            return act("flip", () -> {
                if (deadline.isPast() || flipRefused) return new FlipResult.NotDone("refused");
                flipsSent++;
                assertThat(cleared).as("all gates open as the move began").isTrue();
                assertThat(equalAt).as("proven equal when the flip is sent").isPositive();
                assertThat(fenceFalls || placeOfBarrier.get(equalAt) == streams.end(direction.origin()))
                        .as("nothing written since the proof's barrier when the flip is sent, after %s", acts)
                        .isTrue();
                if (fault == Fault.FLIP_COMES_LATE || fault == Fault.FLIP_IS_LOST) {
                    looksUntilSettled = 3;
                    lateFlip = fault == Fault.FLIP_COMES_LATE ? direction.destination() : null;
                    return new FlipResult.Unsettled("no reply");
                }
                dns = direction.destination();
                return new FlipResult.Done(DNS);
            });
        }

        @Override
        public FlipResult look(Direction direction) {
            return act("look", () -> {
                if (looksUntilSettled > 0 && --looksUntilSettled > 0) return new FlipResult.Unsettled("old data");
                if (lateFlip != null) dns = lateFlip;
                lateFlip = null;
                return dns == direction.destination()
                        ? new FlipResult.Done(DNS)
                        : new FlipResult.NotDone("DNS names the " + dns.label());
            });
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
                if (ENDS.contains(event.getPhase())) cleared = gateClosed = false;
                if (broken) throw new JournalException("Kafka is away");
                return null;
            });
        }

        @Override
        public void confirm() {
            Fault fault = faults.get(acts.size() + 1);
            if (broken) throw new JournalException("broken before");
            act("journal.confirm", () -> {
                if (owner != this) throw new FencedOffException("shop", new Fault.Failure("confirm"));
                broken = fault == Fault.FAILS || fault == Fault.FAILS_AFTER_ITS_EFFECT;
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
