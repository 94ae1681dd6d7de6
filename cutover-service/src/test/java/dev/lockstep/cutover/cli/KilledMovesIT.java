package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.demo.Audit;
import dev.lockstep.cutover.demo.DnsResolver;
import dev.lockstep.cutover.demo.Load;
import dev.lockstep.cutover.demo.LoadConfig;
import dev.lockstep.cutover.demo.World;
import dev.lockstep.cutover.demo.WorldConfig;
import dev.lockstep.cutover.flip.Bind;
import dev.lockstep.cutover.flip.DnsProvider;
import dev.lockstep.cutover.phase.Clearance;
import dev.lockstep.cutover.phase.Flow;
import dev.lockstep.cutover.phase.ProofAt;
import dev.lockstep.cutover.phase.Sequences;
import dev.lockstep.cutover.phase.Traffic;
import dev.lockstep.cutover.phase.Writes;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The traffic moves there and back under load, on real databases and two zones of BIND, and the process that moves it dies before and after its
 * acts. Started again it brings each move to one of its ends: no acknowledged write is lost, the two sides are never both writable, DNS is right.
 * In the end it dies while it takes away what it has made.
 *
 * <p>The acts are those that a move is seen to make. {@code -Dlockstep.crash.points=all} dies at every one, {@code quick} at those after which
 * nothing that was sent to DNS may land, a number at so many of these each way, of the later ones; {@code -Dlockstep.crash.engines=postgres,mariadb}
 * chooses whose.
 */
class KilledMovesIT {

    /** What was sent to DNS may land for five minutes. */
    private static final Duration PATIENCE = Duration.ofSeconds(450);

    private static final String POINTS = System.getProperty("lockstep.crash.points", "1");

    /** Acts of moves that are given up, or resumed after DNS was asked; and one that is never made, as a rollback waits for no transaction. */
    private static final Set<String> OF_OTHER_WAYS = Set.of("traffic.look", "target.settle");

    /** Looks at DNS: a death at one is a death at the next act. */
    private static final Set<String> LOOKS = Set.of("observe", "tryOut", "readBack", "atomicity");

    /** The zones that move, one after the other. */
    private static final List<String> ZONES = List.of("api.test", DemoMigration.ZONE);

    @TempDir
    Path directory;

    private World world;
    private Bind bind;
    private Path file;
    private Migration migration;
    private Path crash;
    private Path acts;

    @ParameterizedTest
    @MethodSource("engines")
    void comesToASafeEndWhereverItDies(String engine) throws Exception {
        Bind.named();
        WorldConfig.Server server = WorldConfig.Server.started(engine);
        try (World world = World.start(new WorldConfig(server, server, directory.resolve("world"), 2_000, 7));
                Bind bind = Bind.start(directory.resolve("bind"), zones("db 1 IN A " + world.sourceAddress()), true);
                Load load = Load.start(LoadConfig.of(resolver(bind, DemoMigration.ZONE), world.destinations(), 100))) {
            this.world = world;
            this.bind = bind;
            load.awaitFirstCommit(Duration.ofSeconds(30));
            prepare();
            try (WriteProbe probe = moveAndDie(load)) {
                List<String> turns = probe.turns();
                assertThat(turns).as("turns of who takes writes").hasSize(moves());
            }
            dieTakingAway();
        }
    }

    static Stream<String> engines() {
        return Stream.of(
                System.getProperty("lockstep.crash.engines", "postgres,mariadb").split(","));
    }

    private static Map<String, List<String>> zones(String record) {
        return ZONES.stream().collect(Collectors.toMap(zone -> zone, zone -> List.of(record)));
    }

    private static DnsResolver resolver(Bind bind, String zone) {
        String primary = bind.primary();
        return new DnsResolver(
                "db." + zone, "127.0.0.1", Integer.parseInt(primary.substring(primary.indexOf(':') + 1)));
    }

    private void prepare() throws IOException {
        crash = directory.resolve("crash");
        acts = directory.resolve("acts");
        Path secret = Files.writeString(directory.resolve("tsig"), Bind.SECRET);
        file = DemoMigration.write(directory, world, bind.primary(), Bind.KEY, secret, Duration.ofSeconds(1), false);
        String yaml = Files.readString(file);
        Files.writeString(
                file,
                yaml.substring(0, yaml.indexOf("dns:")) + "dns:\n"
                        + ZONES.stream().map(zone -> rules(zone, secret)).collect(Collectors.joining()));
        migration = MigrationFile.load(file);
    }

    private String rules(String zone, Path secret) {
        return """
                - zone: %1$s
                  primary: %2$s
                  servers: ["%2$s", "%3$s"]
                  key: {name: %4$s, secret: "${file:%5$s}"}
                  records: [{name: db.%1$s, type: A, from: ["%6$s"], to: ["%7$s"]}]
                """.formatted(
                zone, bind.primary(), bind.secondary(), Bind.KEY, secret, world.sourceAddress(), world.targetAddress());
    }

    private WriteProbe moveAndDie(Load load) throws Exception {
        Points there;
        Points back;
        WriteProbe probe;
        try (RunProcess run = start()) {
            run.await("gates to open", PATIENCE, KilledMovesIT::mayMove);
            probe = new WriteProbe(world.destinations());
            there = Points.of(observed(() -> move(run)));
            back = Points.of(observed(() -> move(run)));
        }
        assertThat(union(there.acts, back.acts)).containsAll(everyAct());
        while (!there.isEmpty() || !back.isEmpty()) dieOnce(there, back, load);
        try (RunProcess run = start()) {
            run.await("the end", PATIENCE, KilledMovesIT::mayMove);
            if (!onTarget(run.status())) move(run);
            load.stop();
            probe.close();
            audit(load);
        }
        return probe;
    }

    /** The end is asked for once; each start after that goes on to take away what is left. */
    private void dieTakingAway() throws Exception {
        Points points = Points.of(acts(Leftovers.class, "leftovers").toList());
        try (RunProcess run = start()) {
            run.await("the way back", PATIENCE, status -> status.phase().equals("SOAKING"));
            dieAt(points.next(), () -> {
                run.finish();
                assertThat(run.awaitExit(PATIENCE)).isEqualTo(CrashingRun.DIED);
            });
        }
        while (!points.isEmpty()) {
            dieAt(points.next(), () -> {
                try (RunProcess run = start()) {
                    assertThat(run.awaitExit(PATIENCE)).isEqualTo(CrashingRun.DIED);
                }
            });
        }
        Path output = directory.resolve("last.txt");
        try (RunProcess run = RunProcess.start(file, migration, output)) {
            assertThat(run.awaitExit(PATIENCE)).as(Files.readString(output)).isZero();
        }
        for (Endpoint side : List.of(world.source(), world.target()))
            assertThat(TableRows.count(side, "information_schema.schemata where schema_name = 'lockstep'"))
                    .isZero();
        assertDns(world.targetAddress());
    }

    private void dieAt(String point, Step step) throws Exception {
        Files.writeString(crash, point);
        try {
            step.run();
        } finally {
            Files.deleteIfExists(crash);
        }
    }

    /** Moves the traffic once, there or back, and dies on the way if that is still to be tried; then sees where it is. */
    private void dieOnce(Points there, Points back, Load load) throws Exception {
        try (RunProcess run = start()) {
            Status status = run.await("a move to be possible", PATIENCE, KilledMovesIT::mayMove);
            assertSettled(status, load);
            Points points = onTarget(status) ? back : there;
            String point = points.next();
            if (point == null) {
                move(run);
                return;
            }
            dieAt(
                    point,
                    () -> Awaitility.await("death " + point)
                            .atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(300))
                            .until(() -> {
                                if (run.isAlive()) ask(run, onTarget(status));
                                return !run.isAlive();
                            }));
        }
    }

    private RunProcess start() throws IOException {
        return RunProcess.startCrashing(file, migration, directory.resolve("output.txt"), acts, crash);
    }

    private void move(RunProcess run) throws Exception {
        boolean from = onTarget(run.status());
        Awaitility.await("the traffic to move")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    Status status = run.status();
                    if (mayMove(status) && onTarget(status) == from) ask(run, from);
                    return onTarget(status) != from && mayMove(status);
                });
    }

    private void ask(RunProcess run, boolean onTarget) {
        if (onTarget) run.rollback();
        else run.cutover();
    }

    private static boolean onTarget(Status status) {
        return status.phase().equals("OPEN") || status.phase().equals("SOAKING");
    }

    /** Refused otherwise, with a line of output. */
    private static boolean mayMove(Status status) {
        boolean open = !status.gates().isEmpty()
                && status.gates().stream().allMatch(gate -> gate.state().equals("OPEN"));
        return status.phase().equals("SOAKING") || (status.phase().equals("FOLLOWING") && open);
    }

    /** After each death: DNS names the side that takes writes, and the application gets on there. */
    private void assertSettled(Status status, Load load) throws Exception {
        String address = onTarget(status) ? world.targetAddress() : world.sourceAddress();
        assertDns(address);
        long before = load.ledger().acknowledgedByAddress().getOrDefault(address, 0L);
        Awaitility.await("the application writes at " + address)
                .atMost(Duration.ofSeconds(30))
                .until(() -> load.ledger().acknowledgedByAddress().getOrDefault(address, 0L) > before + 10);
    }

    private void assertDns(String address) throws IOException {
        for (String zone : ZONES)
            assertThat(resolver(bind, zone).resolve().address()).as(zone).isEqualTo(address);
    }

    private void audit(Load load) throws Exception {
        try (Connection connection = world.target().connect()) {
            Audit audit = load.ledger().audit(connection, world.target().dialect());
            assertThat(audit.firstLost()).isEmpty();
            assertThat(audit.acknowledged()).isPositive();
        }
    }

    /** Of the whole life: each side's opening. */
    private int moves() throws IOException {
        try (Stream<String> lines = Files.lines(acts)) {
            List<String> opened = lines.filter(act -> act.equals("journal OPEN") || act.equals("journal ROLLED_BACK"))
                    .toList();
            int turns = 0;
            String last = "journal ROLLED_BACK";
            for (String entry : opened) {
                if (!entry.equals(last)) turns++; // one that died in the middle of its entry is entered again
                last = entry;
            }
            return turns;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private List<String> observed(Step step) throws Exception {
        long before = Files.exists(acts) ? Files.readAllLines(acts).size() : 0;
        step.run();
        return Files.readAllLines(acts).stream().skip(before).toList();
    }

    private static Set<String> everyAct() {
        Set<String> all = new LinkedHashSet<>();
        Map<String, Class<?>> ports = Map.of(
                "clearance", Clearance.class,
                "source", Writes.class,
                "target", Writes.class,
                "flow", Flow.class,
                "proof", ProofAt.class,
                "sequences", Sequences.class,
                "traffic", Traffic.class);
        ports.forEach((name, port) -> acts(port, name).forEach(all::add));
        for (String zone : ZONES) acts(DnsProvider.class, "dns " + zone).forEach(all::add);
        all.removeIf(act -> OF_OTHER_WAYS.contains(act) || isLook(act));
        return all;
    }

    private static Stream<String> acts(Class<?> port, String name) {
        return Arrays.stream(port.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(method -> name + "." + method.getName())
                .sorted();
    }

    private static boolean isLook(String act) {
        return act.startsWith("dns ") && LOOKS.contains(act.substring(act.lastIndexOf('.') + 1));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new LinkedHashSet<>(one);
        both.addAll(other);
        return both;
    }

    /** Where to die in moves one way: before and after each act that such a move was seen to make. */
    private static final class Points {

        final Set<String> acts;
        private final Deque<String> left = new ArrayDeque<>();

        private Points(Set<String> acts) {
            this.acts = acts;
        }

        static Points of(List<String> seen) {
            Set<String> acts = new LinkedHashSet<>(seen);
            acts.removeIf(KilledMovesIT::isLook);
            Points points = new Points(acts);
            List<String> all = new ArrayList<>();
            for (String act : points.acts) all.addAll(List.of("before " + act, "after " + act));
            List<String> quick = all.stream()
                    .filter(point -> !point.contains(" dns ") && !point.contains(" traffic."))
                    .toList();
            switch (POINTS) {
                case "all" -> points.left.addAll(all);
                case "quick" -> points.left.addAll(quick);
                default -> points.someOf(quick, Integer.parseInt(POINTS));
            }
            return points;
        }

        /** Of the later half: there the sides turn. */
        private void someOf(List<String> quick, int count) {
            for (int i = 0; i < count; i++) left.add(quick.get(quick.size() - 2 - i * quick.size() / 2 / count));
        }

        boolean isEmpty() {
            return left.isEmpty();
        }

        String next() {
            return left.poll();
        }
    }
}
