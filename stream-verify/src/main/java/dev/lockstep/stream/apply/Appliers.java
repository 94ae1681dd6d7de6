package dev.lockstep.stream.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** One direction's appliers, one a lane, as one: it has come as far as the last of them, and fails with the first. */
public final class Appliers implements AutoCloseable {

    private final List<Applier> lanes = new ArrayList<>();

    private Appliers() {}

    /** No lane at all. */
    public static Appliers none() {
        return new Appliers();
    }

    /**
     * Starts to follow every lane and returns at once; see {@link #failure} for what becomes of it.
     *
     * @param lanes from lane 0 on
     * @param paused whether they begin as after {@link #pause}
     * @throws dev.lockstep.schemas.migration.ConfigurationException if a table cannot be applied
     */
    public static Appliers start(List<ApplyConfig> lanes, boolean paused) {
        Appliers appliers = new Appliers();
        try {
            for (ApplyConfig lane : lanes) appliers.lanes.add(Applier.start(lane, paused));
            return appliers;
        } catch (RuntimeException e) {
            appliers.close();
            throw e;
        }
    }

    /** What ended one of them, in words for an operator. */
    public Optional<String> failure() {
        return first(lane -> lanes.get(lane).failure().map(Throwable::getMessage));
    }

    /** What one of them waits for, or what an operator should look at. */
    public Optional<String> trouble() {
        return first(lane -> lanes.get(lane).trouble());
    }

    private Optional<String> first(IntFunction<Optional<String>> look) {
        return IntStream.range(0, lanes.size())
                .mapToObj(
                        lane -> look.apply(lane).map(said -> lanes.size() == 1 ? said : said + " (lane " + lane + ")"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    public Progress progress() {
        return Progress.together(lanes.stream().map(Applier::progress).toList());
    }

    /** The rows that they have set aside; empty as long as one does not know, because it has not reached its database yet. */
    public Optional<DeadLetters> deadLetters() {
        List<DeadLetters> known =
                lanes.stream().flatMap(lane -> lane.deadLetters().stream()).toList();
        return known.size() < lanes.size() ? Optional.empty() : Optional.of(DeadLetters.together(known));
    }

    /** Gives the target nothing more once the batches under way are written, until {@link #resume}. */
    public void pause() {
        lanes.forEach(Applier::pause);
    }

    public void resume() {
        lanes.forEach(Applier::resume);
    }

    /** Stops them, as {@link Applier#halt} says. */
    public void halt() {
        lanes.forEach(Applier::halt);
    }

    /** Stops them, as {@link Applier#close} says. */
    @Override
    public void close() {
        lanes.forEach(Applier::close);
    }
}
