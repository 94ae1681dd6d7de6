package dev.lockstep.stream.prove;

import static dev.lockstep.stream.prove.Shop.ITEMS;
import static dev.lockstep.stream.prove.Shop.ORDERS;
import static dev.lockstep.stream.prove.Shop.barrier;
import static dev.lockstep.stream.prove.Shop.insert;
import static dev.lockstep.stream.prove.Shop.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.avro.TableVerdict;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar, submitted to a cluster of processes of their own; one of those that compare rows is killed. */
final class ProofClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private int rest;

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) process.destroyForcibly().waitFor();
    }

    @Test
    void goesOnProvingWhenATaskManagerIsKilled() throws Exception {
        Topics topics = new Topics("cluster");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                ProofWire wire = new ProofWire(kafka.bootstrap(), topics)) {
            TopicSetup.create(kafka.bootstrap(), topics, 1);
            TopicSetup.publish(kafka.bootstrap(), topics, List.of(ITEMS, ORDERS));
            startCluster();
            submit(kafka.bootstrap(), topics);

            both(wire, 0, 100, 10);
            awaitVerdict(wire, 10);
            for (int id = 100; id < 200; id++) wire.source(insert(ITEMS, id, "item " + id));
            wire.source(barrier(0, 20));
            for (int id = 100; id < 200; id++) wire.target(insert(ITEMS, id, "item " + id));
            awaitCheckpoints(2); // one of them was begun since: it holds the changes, and no verdict on them
            processes.get(1).destroyForcibly().waitFor();
            wire.target(barrier(0, 20));
            startTaskManager();
            awaitVerdict(wire, 20);
            wire.target(update(ITEMS, 7, "changed by hand"));
            both(wire, 200, 300, 30);
            awaitVerdict(wire, 30);

            Set<String> said = new LinkedHashSet<>();
            for (TableVerdict verdict : wire.verdicts())
                said.add(verdict.getTable() + " " + verdict.getBarrierMicros() + ": " + verdict.getRowsSource() + " "
                        + verdict.getRowsTarget() + " "
                        + verdict.getDigestSource().equals(verdict.getDigestTarget()) + " "
                        + verdict.getMismatches());
            assertThat(said)
                    .as("what is repeated says the same")
                    .containsExactlyInAnyOrder(
                            ITEMS.id() + " 10: 100 100 true 0",
                            ORDERS.id() + " 10: 0 0 true 0",
                            ITEMS.id() + " 20: 200 200 true 0",
                            ORDERS.id() + " 20: 0 0 true 0",
                            ITEMS.id() + " 30: 300 300 false 1",
                            ORDERS.id() + " 30: 0 0 true 0");
            assertThat(wire.mismatches()).containsOnlyKeys("(7)");
        }
    }

    private static void both(ProofWire wire, int from, int to, long barrier) {
        for (int id = from; id < to; id++) {
            wire.source(insert(ITEMS, id, "item " + id));
            wire.target(insert(ITEMS, id, "item " + id));
        }
        wire.source(barrier(0, barrier));
        wire.target(barrier(0, barrier));
    }

    private static void awaitVerdict(ProofWire wire, long barrier) {
        await("verdicts at " + barrier)
                .atMost(PATIENCE)
                .until(() -> wire.verdicts().stream()
                                .filter(verdict -> verdict.getBarrierMicros() == barrier)
                                .map(TableVerdict::getTable)
                                .distinct()
                                .count()
                        == 2);
    }

    /** From now on. */
    private void awaitCheckpoints(int number) {
        long before = newestCheckpoint();
        await("checkpoints").atMost(PATIENCE).until(() -> newestCheckpoint() >= before + number);
    }

    /** Its number; 0 while there is none. */
    private long newestCheckpoint() {
        return Checkpoints.newest(directory.resolve("checkpoints")).stream()
                .mapToLong(Checkpoints::number)
                .findFirst()
                .orElse(0);
    }

    /** A job manager, and two task managers of a slot each. */
    private void startCluster() throws IOException {
        rest = Ports.free();
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/config.yaml"), """
                jobmanager.rpc.address: 127.0.0.1
                jobmanager.rpc.port: %d
                jobmanager.bind-host: 127.0.0.1
                taskmanager.host: 127.0.0.1
                taskmanager.bind-host: 127.0.0.1
                rest.address: 127.0.0.1
                rest.bind-address: 127.0.0.1
                rest.port: %d
                rest.bind-port: %d
                heartbeat.interval: 500
                heartbeat.timeout: 5000
                taskmanager.numberOfTaskSlots: 1
                taskmanager.cpu.cores: 1.0
                taskmanager.memory.task.heap.size: 128m
                taskmanager.memory.task.off-heap.size: 0m
                taskmanager.memory.network.min: 32m
                taskmanager.memory.network.max: 32m
                taskmanager.memory.managed.size: 64m
                taskmanager.memory.framework.heap.size: 64m
                taskmanager.memory.framework.off-heap.size: 64m
                taskmanager.memory.jvm-metaspace.size: 128m
                taskmanager.memory.jvm-overhead.min: 64m
                taskmanager.memory.jvm-overhead.max: 64m
                io.tmp.dirs: %s
                execution.checkpointing.dir: %s
                """.formatted(
                        Ports.free(),
                        rest,
                        rest,
                        directory,
                        directory.resolve("checkpoints").toUri()));
        start(StandaloneSessionClusterEntrypoint.class, "job-manager", "--configDir", conf());
        startTaskManager();
        startTaskManager();
        await("the cluster")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> overview().contains("\"taskmanagers\":2"));
    }

    private void startTaskManager() throws IOException {
        start(TaskManagerRunner.class, "task-manager-" + processes.size(), "--configDir", conf());
    }

    private String conf() {
        return directory.resolve("conf").toString();
    }

    private String overview() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + rest + "/overview");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private void submit(String bootstrap, Topics topics) throws Exception {
        Process flink = start(
                CliFrontend.class,
                "flink",
                "run",
                "-d",
                "-p",
                "2",
                "-c",
                ProofMain.class.getName(),
                jar().toString(),
                "--bootstrap",
                bootstrap,
                "--migration",
                topics.migration(),
                "--parallelism",
                "2");
        assertThat(flink.waitFor())
                .as(Files.readString(directory.resolve("flink.log")))
                .isZero();
        processes.remove(flink);
    }

    /** As Maven has packed it before these tests. */
    private static Path jar() throws IOException {
        try (var files = Files.list(Path.of("target"))) {
            List<Path> jars = files.filter(
                            file -> file.getFileName().toString().matches("stream-verify-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .collect(Collectors.toList());
            assertThat(jars).hasSize(1);
            return jars.get(0).toAbsolutePath();
        }
    }

    private Process start(Class<?> main, String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx400m"));
        for (String open : List.of("lang", "util", "util.concurrent", "nio", "time"))
            command.add("--add-opens=java.base/java." + open + "=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        builder.environment().put("FLINK_CONF_DIR", conf());
        Process process = builder.start();
        processes.add(process);
        return process;
    }
}
