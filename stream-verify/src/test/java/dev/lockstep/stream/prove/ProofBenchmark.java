package dev.lockstep.stream.prove;

import static dev.lockstep.stream.prove.Shop.ITEMS;
import static dev.lockstep.stream.prove.Shop.barrier;
import static dev.lockstep.stream.prove.Shop.logged;
import static dev.lockstep.stream.prove.Shop.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Measures, on request: {@code -Dlockstep.prove.changes=1000000}, and {@code .rounds} and {@code .parallelism}. */
@EnabledIfSystemProperty(named = "lockstep.prove.changes", matches = "[0-9]+")
class ProofBenchmark {

    private static final int CHANGES = Integer.getInteger("lockstep.prove.changes", 0);
    private static final int ROUNDS = Integer.getInteger("lockstep.prove.rounds", 3);
    private static final int PARALLELISM = Integer.getInteger("lockstep.prove.parallelism", 1);
    private static final int ROWS = 200_000;
    private static final int BETWEEN_BARRIERS = 5_000;
    private static final long INTERVAL_MICROS = 250_000;
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    /** A copy and changes of both sides are there; from the start to the verdict at the last barrier. */
    @Test
    void fromABacklogOnBothTopics() {
        Topics topics = topics("backlog");
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics)) {
            long last = fill(wire, Side.SOURCE);
            fill(wire, Side.TARGET);
            for (int round = 0; round < ROUNDS; round++) {
                long cpu = cpuNanos();
                long begun = System.nanoTime();
                try (ProofJob proof = start(topics, "round" + round)) {
                    awaitVerdict(wire, proof, last, round + 1);
                    double seconds = (System.nanoTime() - begun) / 1e9;
                    double changes = 2.0 * (ROWS + CHANGES);
                    System.out.printf(
                            "backlog of both sides: %,.0f changes/s, %.1f us of processor time each, broker included%n",
                            changes / seconds, (cpuNanos() - cpu) / 1e3 / changes);
                }
            }
        }
    }

    /** The source's changes are there and the target's are not: what is held, and how long it takes once they are. */
    @Test
    void whereOneSideIsFarAhead() throws Exception {
        Topics topics = topics("ahead");
        try (ProofWire wire = new ProofWire(kafka.bootstrap(), topics)) {
            long last = fill(wire, Side.SOURCE);
            try (ProofJob proof = start(topics, "ahead")) {
                awaitRest(topics);
                System.out.printf(
                        "one side ahead: %,.0f of %,d messages read, heap after collection %,d MB%n",
                        Consumed.of(topics, Side.SOURCE), ROWS + CHANGES, heapAfterCollection() >> 20);
                long begun = System.nanoTime();
                fill(wire, Side.TARGET);
                awaitVerdict(wire, proof, last, 1);
                System.out.printf("one side ahead: proven %.1f s later%n", (System.nanoTime() - begun) / 1e9);
            }
        }
    }

    /** Until nothing more of the source's is taken for two seconds. */
    private static void awaitRest(Topics topics) {
        double[] before = {0};
        await().atMost(LONG).pollInterval(Duration.ofSeconds(2)).until(() -> {
            double now = Consumed.of(topics, Side.SOURCE);
            boolean rests = now > 0 && now == before[0];
            before[0] = now;
            return rests;
        });
    }

    private Topics topics(String name) {
        Topics topics = new Topics(name);
        TopicSetup.create(kafka.bootstrap(), topics, 1);
        return topics;
    }

    private ProofJob start(Topics topics, String state) {
        return ProofJob.start(
                new ProofConfig(kafka.bootstrap(), topics, List.of(ITEMS), 1, PARALLELISM, directory.resolve(state)));
    }

    /** Returns the last barrier. */
    private static long fill(ProofWire wire, Side side) {
        String[] names = new String[ROWS];
        for (int id = 0; id < ROWS; id++) wire.send(side, 0, read(ITEMS, id, names[id] = "name " + id));
        Random random = new Random(7);
        long barrier = INTERVAL_MICROS;
        wire.send(side, 0, barrier(0, barrier));
        for (int i = 1; i <= CHANGES; i++) {
            int id = random.nextInt(ROWS);
            String name = "changed " + i;
            wire.send(side, 0, logged(ITEMS, i, id, names[id], name));
            names[id] = name;
            if (i % BETWEEN_BARRIERS == 0) wire.send(side, 0, barrier(0, barrier += INTERVAL_MICROS));
        }
        wire.send(side, 0, barrier(0, barrier += INTERVAL_MICROS));
        wire.flush();
        return barrier;
    }

    private static void awaitVerdict(ProofWire wire, ProofJob proof, long barrier, int times) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(proof.failure()).isEmpty();
            return wire.verdicts().stream()
                            .filter(verdict -> verdict.getBarrierMicros() == barrier)
                            .count()
                    == times;
        });
        TableVerdict last = wire.verdicts().get(wire.verdicts().size() - 1);
        assertThat(last.getRowsSource()).isEqualTo(ROWS);
        assertThat(last.getDigestSource()).isEqualTo(last.getDigestTarget());
        assertThat(last.getMismatches()).isZero();
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
