package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.Flow;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.ingest.barrier.BarrierWriter;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.stream.apply.Appliers;
import dev.lockstep.stream.apply.ApplyConfig;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two directions that changes can take, each with its barriers and appliers. The one that is rehearsed sends trials the whole way, and its
 * appliers pass over all changes: those are the other one's, on their way home. Thread-safe.
 *
 * <p>Where the directions turn, nothing is lost and nothing goes round: 1. no application writes on either side; 2. all that the first one carried
 * is applied; 3. a trial of the other is marked and arrives, so its appliers are behind the last change that was not its to carry; 4. they
 * carry on from there.
 */
final class Streams implements Flow, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    static final String NO_WAY_BACK = "the migration has no way back; its file says cutover.wayBack: false";
    private static final Duration POLL = Duration.ofMillis(5); // writes stand still meanwhile

    private final Function<Direction, List<ApplyConfig>> lanes;
    private final Clock clock;
    private final Map<Direction, BarrierWriter> writers = new EnumMap<>(Direction.class);
    private volatile @Nullable Direction carrying;
    private volatile Appliers carriers = Appliers.none();
    private volatile Appliers rehearsed = Appliers.none();
    private final List<Appliers> halted = new ArrayList<>();
    private boolean paused;
    private long last;

    /**
     * Nothing is carried before {@link #carry}, and no barrier written before {@link #release}.
     *
     * @param lanes what a direction's appliers do when they carry
     * @param paused whether they begin as after {@link #pause}
     */
    Streams(Migration migration, Function<Direction, List<ApplyConfig>> lanes, boolean paused, Clock clock) {
        this.lanes = lanes;
        this.paused = paused;
        this.clock = clock;
        for (Direction direction : Direction.values())
            if (direction == Direction.FORWARD || migration.cutover().keepsWayBack())
                writers.put(
                        direction,
                        BarrierWriter.held(
                                migration.on(direction.origin()),
                                direction,
                                migration.barrier().interval(),
                                clock));
        writers.values().forEach(BarrierWriter::rehearse);
    }

    /** The direction's origin is captured from now on, so that its barriers may begin. */
    void release(Direction direction) {
        BarrierWriter writer = writers.get(direction);
        if (writer != null) writer.release();
    }

    @Override
    public synchronized void carry(Direction direction) {
        if (direction == carrying) {
            carrier().carry();
            return;
        }
        halt();
        if (!writers.containsKey(direction)) return; // no way back: from here on nothing is carried
        carrying = direction;
        try {
            if (writers.containsKey(direction.opposite())) rehearse(direction.opposite());
            carrier().carry();
            carriers = Appliers.start(lanes.apply(direction), paused);
        } catch (RuntimeException e) {
            halt(); // what has half begun must not pass for what carries
            throw e;
        }
        LOG.info("changes are carried: direction={}", direction);
    }

    private void rehearse(Direction direction) {
        writer(direction).rehearse();
        rehearsed = Appliers.start(
                lanes.apply(direction).stream().map(ApplyConfig::toRehearse).toList(), false);
    }

    @Override
    public synchronized void halt() {
        if (carrying == null) return;
        carrying = null;
        writers.values().forEach(BarrierWriter::rehearse);
        rehearsed.halt();
        carriers.halt();
        halted.addAll(List.of(rehearsed, carriers));
        rehearsed = Appliers.none();
    }

    @Override
    public synchronized long writeLast() {
        try {
            last = carrier().writeLast();
            return last;
        } catch (SQLException e) {
            throw new PipelineException("the last barrier cannot be written: " + e.getMessage());
        }
    }

    /** Writes a barrier now, between those of the rhythm. */
    synchronized long write() throws SQLException {
        return carrier().write();
    }

    @Override
    public void mark(Deadline deadline) {
        awaitOurs(deadline);
        Direction other = carried().opposite();
        BarrierWriter writer = writers.get(other);
        if (writer == null) return;
        long mark;
        try {
            mark = writer.write();
        } catch (SQLException e) {
            throw isClosed(other, e.getMessage());
        }
        while (rehearsed.progress().barrierMicros() < mark) {
            if (deadline.isPast())
                throw isClosed(other, rehearsalTrouble().orElse("its barrier has not arrived in time"));
            Rest.sleeping().rest(POLL);
        }
    }

    /** That the last barrier is proven does not say who has applied it: an applier of another process that took a lane over would not halt. */
    private void awaitOurs(Deadline deadline) {
        while (carriers.progress().barrierMicros() < last) {
            Optional<String> failure = carriers.failure();
            if (failure.isPresent()) throw new PipelineException(failure.get());
            if (deadline.isPast()) throw new PipelineException("the last barrier is not applied by this process");
            Rest.sleeping().rest(POLL);
        }
    }

    private static PipelineException isClosed(Direction direction, @Nullable String reason) {
        String way = direction == Direction.REVERSE ? "the way back" : "the way to the target";
        return new PipelineException(way + " is not open: " + reason);
    }

    /** Those that carry; once they were, those that did last. */
    Appliers appliers() {
        return carriers;
    }

    /** How long ago the newest trial was sent that has arrived; empty: none has. */
    Optional<Duration> rehearsed() {
        long micros = rehearsed.progress().barrierMicros();
        return micros == 0
                ? Optional.empty()
                : Optional.of(Duration.between(Micros.toInstant(micros), clock.instant()));
    }

    /** Why trials do not arrive, if that is known. */
    Optional<String> rehearsalTrouble() {
        Direction direction = carrying;
        BarrierWriter writer = direction == null ? null : writers.get(direction.opposite());
        Appliers tried = rehearsed;
        return writer == null
                ? Optional.empty()
                : tried.failure().or(tried::trouble).or(writer::trouble);
    }

    /** What the one that carries waits for, or what an operator should look at. */
    List<String> trouble() {
        Direction direction = carrying;
        BarrierWriter writer = direction == null ? null : writers.get(direction);
        if (direction == null || writer == null) return List.of();
        String side = direction.destination().label();
        return Stream.of(writer.trouble(), carriers.trouble().map(trouble -> "the " + side + " " + trouble))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Whose changes are carried.
     *
     * @throws IllegalStateException in the middle of a turn
     */
    Direction carried() {
        Direction direction = carrying;
        if (direction == null) throw new IllegalStateException("nothing is carried now");
        return direction;
    }

    private BarrierWriter carrier() {
        return writer(carried());
    }

    private BarrierWriter writer(Direction direction) {
        BarrierWriter writer = writers.get(direction);
        if (writer == null) throw new IllegalStateException(NO_WAY_BACK);
        return writer;
    }

    /** Gives the destination nothing more once the batches under way are written, until {@link #resume}. */
    synchronized void pause() {
        paused = true;
        carriers.pause();
    }

    synchronized void resume() {
        paused = false;
        carriers.resume();
    }

    @Override
    public synchronized void close() {
        halt();
        halted.forEach(Appliers::close);
        writers.values().forEach(BarrierWriter::close);
    }
}
