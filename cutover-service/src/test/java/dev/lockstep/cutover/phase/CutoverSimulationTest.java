package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Plays the cutover with every fault at every act, in pairs and in seeded crowds, and starts again after every death. The world asserts
 * at each act that no two sides are writable, that nothing flips unproven, and that no row is missing when the target opens; here the ends.
 */
class CutoverSimulationTest {

    /** More than any way through has, resumption included. */
    private static final int ACTS = 40;

    private final Map<PhaseName, Integer> ends = new EnumMap<>(PhaseName.class);

    @Test
    void comesToASafeEndWhateverFailsAtWhicheverAct() {
        for (int act = 1; act <= ACTS; act++) for (Fault fault : Fault.values()) play(Map.of(act, fault));

        assertThat(ends).containsOnlyKeys(PhaseName.FOLLOWING, PhaseName.OPEN);
        assertThat(ends.values()).allMatch(count -> count > 20);
    }

    @Test
    void comesToASafeEndWhateverTwoThingsFail() {
        for (int first = 1; first <= ACTS; first++)
            for (int second = first + 1; second <= ACTS; second++)
                for (Fault one : Fault.values())
                    for (Fault other : Fault.values()) play(Map.of(first, one, second, other));

        assertThat(ends).containsOnlyKeys(PhaseName.FOLLOWING, PhaseName.OPEN);
    }

    @Test
    void comesToASafeEndInCrowdsOfFaults() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            Map<Integer, Fault> faults = new TreeMap<>();
            for (int i = 3 + random.nextInt(8); i > 0; i--)
                faults.put(1 + random.nextInt(2 * ACTS), Fault.values()[random.nextInt(Fault.values().length)]);
            play(faults);
        }
    }

    private void play(Map<Integer, Fault> faults) {
        SimulatedWorld world = new SimulatedWorld();
        try {
            Controller controller = Controller.ready(world);
            world.faults.putAll(faults);
            Phase end = live(world, controller);
            assertSafe(world, end);
            ends.merge(end.name(), 1, Integer::sum);
        } catch (AssertionError | RuntimeException e) {
            fail("with " + faults + " after " + world.acts, e);
        }
    }

    private static Phase live(SimulatedWorld world, Controller first) {
        Controller controller = first;
        boolean running = true;
        for (int lives = 0; lives < 50; lives++) {
            try {
                return running ? controller.conductor.run() : controller.conductor.resume();
            } catch (FencedOffException e) {
                assertThat(world.acts.get(world.acts.size() - 1))
                        .as("last act of a controller fenced off")
                        .startsWith("journal");
                controller = new Controller(world);
            } catch (UnfinishedException e) {
                assertThat(e).hasMessageContaining("resume");
            } catch (Fault.Crash | JournalException e) {
                controller = new Controller(world);
            }
            running = false;
        }
        throw new AssertionError("never comes to an end");
    }

    private static void assertSafe(SimulatedWorld world, Phase end) {
        boolean moved = end instanceof Open;
        assertThat(end).isInstanceOfAny(Open.class, Following.class);
        assertThat(world.sourceWritable).as("source writable").isEqualTo(!moved);
        assertThat(world.targetWritable).as("target writable").isEqualTo(moved);
        assertThat(world.dnsOnTarget).as("DNS on the target").isEqualTo(moved);
        assertThat(world.flipsSent).as("flips sent").isLessThanOrEqualTo(1);
        List<Transition> history =
                new Controller(world).owner.history(); // reads it back, which checks that it is legal
        assertThat(history.get(history.size() - 1).phase()).isEqualTo(end);
    }
}
