package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.KafkaJournal;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import dev.lockstep.stream.apply.Applier;
import dev.lockstep.stream.apply.ApplyConfig;
import dev.lockstep.stream.apply.LaneGroup;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An applier alone, which stands by until the process that runs the migration, or another applier, is no more. */
final class StandbyRun implements AutoCloseable {

    /** A process that has given no sign of life for so long has lost its lanes. */
    static final Duration SESSION = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Migration migration;
    private final String bootstrap;
    private final Topics topics;
    private final TerminalView terminal;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread runner;
    private String said = "";

    /**
     * @throws ConfigurationException if there is no Kafka that two machines can have
     */
    StandbyRun(Migration migration, TerminalView terminal) {
        this.migration = migration;
        this.terminal = terminal;
        topics = new Topics(migration.name());
        bootstrap = Optional.ofNullable(migration.kafka().bootstrap())
                .orElseThrow(() -> new ConfigurationException(
                        "--role apply needs a Kafka of your own: set kafka.bootstrap in the migration file"));
    }

    /**
     * Applies and stands by until it is closed.
     *
     * @throws PipelineException if a lane cannot be applied
     */
    void run() throws InterruptedException {
        tables(); // said at once if there are none
        runner = Thread.currentThread();
        try {
            standBy();
        } finally {
            ended.countDown();
        }
    }

    private void standBy() throws InterruptedException {
        try (LaneGroup group = LaneGroup.standBy(bootstrap, topics, SESSION, this::start)) {
            do {
                Optional<Throwable> failure = group.failure();
                if (failure.isPresent())
                    throw new PipelineException("apply: " + failure.get().getMessage());
                say(group.lanes().isEmpty() ? "stands by" : "applies");
                group.lanes().values().forEach(applier -> applier.trouble().ifPresent(this::say));
            } while (!stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** As they were agreed on last: the process that leads may have been started anew since. */
    private List<TableMapping> tables() {
        List<TableMapping> tables = TopicSetup.read(bootstrap, topics);
        if (tables.isEmpty())
            throw new ConfigurationException(
                    "migration " + migration.name() + " has not begun; begin it with `lockstep run`");
        return tables;
    }

    /** A table that was copied anew has a new id; what is still to come of the old one is passed over. */
    private Applier start(int lane) {
        Map<TableId, TableMapping> newest = new LinkedHashMap<>();
        Set<String> retired = new HashSet<>();
        for (TableMapping table : tables()) {
            TableMapping former = newest.put(table.target(), table);
            if (former != null) retired.add(former.id());
        }
        return Applier.start(ApplyConfig.of(
                migration, direction(), bootstrap, topics, newest.values(), retired, lane, Clock.systemUTC()));
    }

    /** As the process that led left it. Where the traffic was just turning, only a look at both databases tells. */
    private Direction direction() {
        Phase phase = KafkaJournal.look(bootstrap, topics).orElseThrow();
        if (phase.name() == PhaseName.FLIPPED)
            throw new PipelineException(
                    "the traffic was moving when the process that led came to its end; start `lockstep run` again");
        return phase.direction();
    }

    private void say(String what) {
        if (!what.equals(said)) terminal.say(what);
        said = what;
    }

    /** From any thread: the lanes are given up at once, rather than after a time without a sign of life. */
    @Override
    public void close() {
        stopped.countDown();
        if (runner == null || runner == Thread.currentThread()) return;
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) terminal.say("a transaction is cut off");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
