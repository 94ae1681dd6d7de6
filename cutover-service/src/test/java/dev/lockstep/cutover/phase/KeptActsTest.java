package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.forecast.Estimate;
import dev.lockstep.cutover.forecast.Forecast;
import dev.lockstep.cutover.forecast.KeptActs;
import dev.lockstep.cutover.forecast.Plan;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of the runbook's real acts, with the process dying at each of them, foretells the moves of the same way alone. */
class KeptActsTest {

    /** More than any way through has, resumption included. */
    private static final int ACTS = 48;

    @TempDir
    Path directory;

    private int known;

    @ParameterizedTest
    @EnumSource(Direction.class)
    void knowsWhichWayAMoveWentWhereverItWasCutOff(Direction direction) {
        for (int act = 1; act <= ACTS; act++)
            for (Fault death : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) play(direction, act, death);

        assertThat(known).as("moves that are known").isGreaterThan(20);
    }

    private void play(Direction direction, int act, Fault death) {
        SimulatedWorld world = new SimulatedWorld();
        KeptActs kept = new KeptActs(directory.resolve(death + "-" + act));
        AtomicBoolean moving = new AtomicBoolean();
        ObservedActs acts = new ObservedActs(new ActObserver() {
            @Override
            public void after(String name, Duration took) {
                boolean dies = world.acts.size() == act; // of what it dies in, a process keeps nothing
                if (moving.get() && !dies) kept.after(name, took);
            }
        });
        Controller controller = Controller.ready(world, new Controller(world, acts));
        if (direction == Direction.REVERSE) controller.conductor.run();
        world.acts.clear();
        world.moving = direction;
        world.faults.put(act, death);
        moving.set(true);

        move(controller, direction, () -> new Controller(world, acts));

        String what = death + " at " + act + " of " + world.acts;
        int fences = fences(kept, direction);
        assertThat(fences(kept, direction.opposite()))
                .as("taken for the other way: %s", what)
                .isZero();
        assertThat(fences).as("moves this way: %s", what).isLessThanOrEqualTo(1);
        known += fences;
    }

    private static void move(Controller first, Direction direction, Supplier<Controller> next) {
        try {
            if (direction == Direction.FORWARD) first.conductor.run();
            else first.conductor.rollBack("asked for");
        } catch (Fault.Crash e) {
            next.get().conductor.resume();
        }
    }

    /** How many moves it knows the fence's figure from. */
    private static int fences(KeptActs kept, Direction direction) {
        Plan plan = new Plan(
                direction,
                "",
                "",
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Duration.ZERO,
                true);
        Forecast forecast = Forecast.of(plan, List.of(), "", kept, List.of(), List.of(), Instant.EPOCH);
        return forecast.pause().steps().stream()
                .filter(step -> step.step().startsWith("the fence is raised"))
                .mapToInt(Estimate::samples)
                .sum();
    }
}
