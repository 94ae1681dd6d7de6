package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.Side;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Plays the cutover, and the way back, with every fault at every act, in pairs and in seeded crowds, and starts again after every death. The world asserts
 * at each act that no two sides are writable, that nothing flips unproven or with a gate that was closed as the move began, and that no row is missing when a
 * side opens; here the ends.
 */
class CutoverSimulationTest {

    /** More than any way through has, resumption included. */
    private static final int ACTS = 48;

    private static final int SOON = 16;

    /** In crowds and alone there are the others, too. */
    private static final Set<Fault> EVERYWHERE = EnumSet.complementOf(EnumSet.of(Fault.HALF_DONE, Fault.GATE_CLOSES));

    private static final String LOG = Conductor.class.getPackageName();

    private final Map<PhaseName, Integer> ends = new EnumMap<>(PhaseName.class);

    /** A hundred thousand moves fail in here, each with its trace. */
    @BeforeAll
    static void mute() {
        Configurator.setLevel(LOG, Level.OFF);
    }

    @AfterAll
    static void unmute() {
        Configurator.setLevel(LOG, Level.INFO);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void comesToASafeEndWhateverFailsAtWhicheverAct(Direction direction) {
        for (int act = 1; act <= ACTS; act++)
            for (Fault fault : Fault.values())
                for (boolean eager : List.of(false, true)) play(direction, eager, Map.of(act, fault));

        assertThat(ends.keySet()).isEqualTo(ends(direction));
        assertThat(ends.get(moved(direction))).isGreaterThan(20);
        assertThat(ends.get(direction == Direction.FORWARD ? PhaseName.FOLLOWING : PhaseName.SOAKING))
                .isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void comesToASafeEndWhateverTwoThingsFailOneSoonAfterTheOther(Direction direction) {
        for (int first = 1; first <= ACTS; first++)
            for (int second = first + 1; second <= Math.min(ACTS, first + SOON); second++)
                for (Fault one : EVERYWHERE)
                    for (Fault other : EVERYWHERE)
                        play(direction, (first + second) % 2 == 0, Map.of(first, one, second, other));

        assertThat(ends.keySet()).isEqualTo(ends(direction));
    }

    @Test
    void comesToASafeEndInCrowdsOfFaultsThereAndBackAgainAndAgain() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            SimulatedWorld world = new SimulatedWorld(random.nextBoolean());
            Controller controller = Controller.ready(world);
            for (int move = 0; move < 4; move++) controller = crowd(world, controller, random, "seed " + seed);
        }

        assertThat(ends.keySet()).containsAll(ends(Direction.FORWARD)).containsAll(ends(Direction.REVERSE));
    }

    private Controller crowd(SimulatedWorld world, Controller controller, Random random, String name) {
        if (!(controller.owner.current() instanceof OnTarget) && !(controller.owner.current() instanceof Ready))
            controller.readyAgain(world);
        Direction direction = controller.owner.current() instanceof OnTarget ? Direction.REVERSE : Direction.FORWARD;
        world.acts.clear();
        world.flipsSent = 0;
        Map<Integer, Fault> faults = new TreeMap<>();
        for (int i = 3 + random.nextInt(8); i > 0; i--)
            faults.put(1 + random.nextInt(2 * ACTS), Fault.values()[random.nextInt(Fault.values().length)]);
        return move(world, controller, direction, faults, name);
    }

    private void play(Direction direction, boolean eager, Map<Integer, Fault> faults) {
        SimulatedWorld world = new SimulatedWorld(eager);
        Controller controller = Controller.ready(world);
        if (direction == Direction.REVERSE) controller.conductor.run();
        world.acts.clear();
        world.flipsSent = 0;
        move(world, controller, direction, faults, eager ? "eager" : "late");
    }

    /** Moves the traffic, or tries to, and starts again. */
    private Controller move(
            SimulatedWorld world, Controller first, Direction direction, Map<Integer, Fault> faults, String name) {
        try {
            world.moving = direction;
            world.faults.putAll(faults);
            Controller last = live(world, first, direction);
            world.faults.clear();
            assertSafe(world, last.owner.current(), direction);
            ends.merge(last.owner.current().name(), 1, Integer::sum);
            Controller next = new Controller(world);
            next.conductor.resume();
            return next;
        } catch (AssertionError | RuntimeException e) {
            return fail(direction + " with " + faults + ", " + name + ", after " + world.acts, e);
        }
    }

    /** The controller that comes to an end. */
    private static Controller live(SimulatedWorld world, Controller first, Direction direction) {
        Controller controller = first;
        boolean running = true;
        for (int lives = 0; lives < 50; lives++) {
            try {
                if (!running) controller.conductor.resume();
                else if (direction == Direction.FORWARD) controller.conductor.run();
                else controller.conductor.rollBack("asked for");
                return controller;
            } catch (FencedOffException e) {
                assertThat(world.acts.get(world.acts.size() - 1))
                        .as("last act of a controller fenced off")
                        .startsWith("journal");
                controller = new Controller(world);
            } catch (NotClearedException e) {
                assertThat(controller.owner.current()).isInstanceOf(OnTarget.class);
                return controller;
            } catch (UnfinishedException e) {
                assertThat(e).hasMessageContaining("start `lockstep run` again");
            } catch (Fault.Crash | Fault.Failure | JournalException e) {
                controller = new Controller(world);
            }
            running = false;
        }
        throw new AssertionError("never comes to an end");
    }

    private static PhaseName moved(Direction direction) {
        return direction == Direction.FORWARD ? PhaseName.OPEN : PhaseName.ROLLED_BACK;
    }

    /** A rollback that dies before it is journaled, or is not cleared, leaves OPEN. */
    private static Set<PhaseName> ends(Direction direction) {
        return direction == Direction.FORWARD
                ? EnumSet.of(PhaseName.OPEN, PhaseName.FOLLOWING)
                : EnumSet.of(PhaseName.ROLLED_BACK, PhaseName.SOAKING, PhaseName.OPEN);
    }

    private static void assertSafe(SimulatedWorld world, Phase end, Direction direction) {
        Side writes = end.name() == moved(direction) ? direction.destination() : direction.origin();
        assertThat(world.writable).as("writable").containsExactly(writes);
        assertThat(world.half).as("half-way open").isEmpty();
        assertThat(world.dns).as("DNS").isEqualTo(writes);
        assertThat(world.flipsSent).as("flips sent").isLessThanOrEqualTo(1);
        world.settle(writes == Side.SOURCE ? Direction.FORWARD : Direction.REVERSE);
        List<Transition> history =
                new Controller(world).owner.history(); // reads it back, which checks that it is legal
        assertThat(history.get(history.size() - 1).phase()).isEqualTo(end);
    }
}
