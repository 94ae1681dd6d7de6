package dev.lockstep.stream.apply;

import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database server's process on this machine: it can be ended, kindly or not, and started again as it was. */
final class ServerProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Endpoint endpoint;
    private final List<String> command;
    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private ProcessHandle process;
    private @Nullable Process started;

    private ServerProcess(Endpoint endpoint, ProcessHandle process) throws IOException {
        Path about = Path.of("/proc", Long.toString(process.pid()));
        this.endpoint = endpoint;
        this.process = process;
        directory = Files.readSymbolicLink(about.resolve("cwd"));
        command = new ArrayList<>();
        // PostgreSQL does not run as root: Maven's has made itself a namespace in which it is not
        if (!namespace(about).equals(namespace(Path.of("/proc/self")))) command.addAll(List.of("unshare", "-U"));
        command.addAll(strings(about.resolve("cmdline")));
        for (String variable : strings(about.resolve("environ"))) {
            String[] parts = variable.split("=", 2);
            if (parts.length == 2) environment.put(parts[0], parts[1]);
        }
    }

    private static List<String> strings(Path file) throws IOException {
        return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0"));
    }

    private static Path namespace(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/user"));
    }

    static ServerProcess of(Endpoint endpoint) throws SQLException, IOException {
        boolean postgres = endpoint.dialect().engine().equals("postgresql");
        Path data = Path.of(TableReads.one(endpoint, postgres ? "show data_directory" : "select @@datadir"));
        Path file = data.resolve(postgres ? "postmaster.pid" : TableReads.one(endpoint, "select @@pid_file"));
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        return new ServerProcess(endpoint, ProcessHandle.of(pid).orElseThrow());
    }

    /** Ends it and waits until it is gone. Of a PostgreSQL that is killed, sessions may live on for a moment. */
    void end(boolean kill) throws IOException, InterruptedException {
        if (!process.isAlive()) return;
        // PostgreSQL takes -TERM for leave to wait for its clients
        boolean postgres = endpoint.dialect().engine().equals("postgresql");
        signal(kill ? "-KILL" : postgres ? "-INT" : "-TERM", Long.toString(process.pid()));
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    static void signal(String signal, String pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, pid).start().waitFor();
    }

    /** Starts it at its port and on its data, and waits until it answers. */
    void start() {
        await().atMost(PATIENCE).until(this::answers);
    }

    private boolean answers() throws IOException {
        Process running = started;
        // it refuses to start as long as a session of its former life is there
        if (running == null || !running.isAlive()) {
            ProcessBuilder server = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            server.environment().putAll(environment);
            running = server.start();
            started = running;
            process = running.toHandle();
        }
        try (var connection = endpoint.connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }
}
