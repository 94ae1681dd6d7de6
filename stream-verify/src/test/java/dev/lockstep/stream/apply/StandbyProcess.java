package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that stands by for the lane of {@link Lane}, and can be killed or frozen as one on another machine. */
final class StandbyProcess implements AutoCloseable {

    static final Duration SESSION = Duration.ofSeconds(6); // the least that the broker takes

    private final Process process;

    private StandbyProcess(Process process) {
        this.process = process;
    }

    /** Arguments: bootstrap, migration, URL and user of the target. */
    public static void main(String[] arguments) throws InterruptedException {
        Topics topics = new Topics(arguments[1]);
        Endpoint target = new Endpoint(arguments[2], arguments[3], null);
        ApplyConfig config =
                ApplyConfigs.of(arguments[0], topics, target, 20, new Lane(TargetServer.schema(target), 0).members);
        try (LaneGroup group = LaneGroup.standBy(arguments[0], topics, SESSION, lane -> Applier.start(config))) {
            while (group.failure().isEmpty()) Thread.sleep(100);
        }
    }

    static StandbyProcess start(Path output, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                StandbyProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new StandbyProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Nothing in it runs until {@link #wake}, as on a machine that is suspended. */
    void freeze() throws Exception {
        signal("-STOP");
    }

    void wake() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
