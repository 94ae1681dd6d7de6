package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.cutover.phase.Deadline;
import dev.lockstep.cutover.phase.FlipResult;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.cutover.watch.CheckState;
import dev.lockstep.cutover.watch.OperatorCheck;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.WaveRules;
import dev.lockstep.schemas.migration.WaveRules.OnFailure;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves names whose users only read to the target, one wave after another, while the target follows the source. Each must hold, with all
 * well, before the next moves. What DNS shows tells what has moved, and of shares a file, so a move that was cut off goes on where it was.
 */
final class Waves {

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WaveFiles files;
    private final Supplier<Optional<String>> trouble;
    private final Consumer<String> view;
    private final Clock clock;
    private final Rest rest;

    /**
     * @param state the migration's directory
     * @param trouble why nobody should read on the target now; empty: all may
     * @param view is told what happens
     */
    Waves(Path state, Supplier<Optional<String>> trouble, Consumer<String> view, Clock clock, Rest rest) {
        this.files = new WaveFiles(state);
        this.trouble = trouble;
        this.view = view;
        this.clock = clock;
        this.rest = rest;
    }

    /**
     * Whether it is known of every share that has moved what moves the rest.
     *
     * @throws ConfigurationException if not
     */
    void refuseForgotten(List<WaveRules> waves) {
        for (String shared : files.shared())
            if (waves.stream().noneMatch(wave -> wave.name().equals(shared)))
                throw new ConfigurationException("a share of the answers of wave " + shared
                        + " has moved, and the migration file does not name that wave any more; put it back there,"
                        + " then `lockstep wave back`");
    }

    /** For people: how much of it has moved by shares, and what comes before the whole. */
    List<String> shares(WaveRules wave, Direction direction) {
        return shares(wave).lines(direction);
    }

    /** Since when it has moved and held; empty: it has not. */
    Optional<Instant> held(WaveRules wave) {
        return Optional.ofNullable(files.held().get(wave.name()));
    }

    /**
     * What a move would send, after a look at every server.
     *
     * @throws dev.lockstep.cutover.flip.UnsafePlanException if what they show makes it unsafe
     */
    List<Step> plan(WaveRules wave, Direction direction) {
        return shares(wave).steps(direction);
    }

    /**
     * Moves it to the target, its shares first, and waits until it has held.
     *
     * @return why it has not; empty: it has
     */
    Optional<String> move(WaveRules wave) {
        return alone(wave, () -> moveAlone(wave));
    }

    private Optional<String> moveAlone(WaveRules wave) {
        Optional<String> failure = trouble.get();
        if (failure.isPresent()) return notMoved(wave, failure.get());
        Shares shares = shares(wave);
        for (int percent : shares.left()) {
            failure = share(wave, shares, percent);
            if (failure.isPresent()) return notHeld(wave, failure.get());
        }
        failure = flip(wave, Direction.FORWARD);
        if (failure.isPresent()) return notMoved(wave, failure.get());
        failure = hold(wave, Optional::empty);
        if (failure.isPresent()) return notHeld(wave, failure.get());
        files.hold(wave.name(), clock.instant());
        return Optional.empty();
    }

    private Shares shares(WaveRules wave) {
        return new Shares(wave, files, clock, rest);
    }

    private Optional<String> share(WaveRules wave, Shares shares, int percent) {
        view.accept("wave " + wave.name() + ": " + percent + " % of the answers shall name the target");
        Optional<String> failure = shares.give(percent).or(() -> hold(wave, shares::look));
        if (failure.isEmpty()) view.accept("wave " + wave.name() + ": has held; " + shares.answers());
        return failure;
    }

    private Optional<String> notMoved(WaveRules wave, String why) {
        if (shares(wave).isUnderWay()) return notHeld(wave, why);
        return Optional.of("wave " + wave.name() + " does not move: " + why);
    }

    private Optional<String> notHeld(WaveRules wave, String why) {
        String what = "wave " + wave.name() + " does not hold: " + why;
        if (wave.onFailure() == OnFailure.STOP)
            return Optional.of(what + "; it stays where it is: mend it and go on with `lockstep wave move`, or"
                    + " `lockstep wave back`");
        return Optional.of(what + "; " + backAlone(wave).orElse("it is back on the source"));
    }

    /**
     * Moves it to the source again.
     *
     * @return why it is not there; empty: it is
     */
    Optional<String> back(WaveRules wave) {
        return alone(wave, () -> backAlone(wave));
    }

    private Optional<String> backAlone(WaveRules wave) {
        files.forget(wave.name());
        return flip(wave, Direction.REVERSE).map(why -> "wave " + wave.name() + " does not go back: " + why);
    }

    private Optional<String> alone(WaveRules wave, Supplier<Optional<String>> change) {
        Optional<StateDirectory> lock = files.lock(wave.name());
        if (lock.isEmpty())
            return Optional.of("another process moves wave " + wave.name() + " now; end that one first");
        try (StateDirectory ours = lock.get()) {
            return change.get();
        }
    }

    private Optional<String> flip(WaveRules wave, Direction direction) {
        Shares shares = shares(wave);
        Optional<String> failure = shares.isUnderWay() ? shares.end(direction) : update(wave, direction);
        if (failure.isEmpty())
            view.accept("wave " + wave.name() + ": DNS names the "
                    + direction.destination().label());
        return failure;
    }

    private Optional<String> update(WaveRules wave, Direction direction) {
        DnsTraffic traffic = new DnsTraffic(Zone.of(wave.dns(), clock), files.dns(wave.name()), clock);
        FlipResult result = traffic.flip(direction, Deadline.in(clock, PATIENCE));
        if (result instanceof FlipResult.NotDone failed) return Optional.of(failed.reason());
        if (result instanceof FlipResult.Unsettled failed)
            return Optional.of("it is not known whether DNS has changed: " + failed.reason() + "; do it again");
        return Optional.empty();
    }

    /**
     * @param look at what else must be well
     */
    private Optional<String> hold(WaveRules wave, Supplier<Optional<String>> look) {
        Supplier<Optional<String>> troubles = () -> trouble.get().or(look);
        CheckRules rules = wave.check();
        if (rules == null) return hold(wave, troubles, null, 1);
        try (OperatorCheck check = OperatorCheck.start(rules, clock)) {
            check.watch(true);
            return hold(wave, troubles, check, rules.failures());
        }
    }

    private Optional<String> hold(
            WaveRules wave, Supplier<Optional<String>> troubles, @Nullable OperatorCheck check, int failures) {
        view.accept("wave " + wave.name() + ": must hold for " + Units.of(wave.hold()));
        Deadline held = Deadline.in(clock, wave.hold());
        while (true) {
            Optional<CheckState> state = check == null ? Optional.empty() : check.state();
            Optional<String> why = troubles.get()
                    .or(() -> state.filter(seen -> seen.failures() >= failures)
                            .map(seen -> "its check failed " + seen.failures() + " times in a row: " + seen.said()));
            if (why.isPresent()) return why;
            boolean passed =
                    check == null || state.filter(seen -> seen.failures() == 0).isPresent();
            if (held.isPast() && passed) return Optional.empty();
            rest.rest(LOOK);
        }
    }
}
