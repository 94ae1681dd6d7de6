package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** {@code lockstep run}, which writes down every act of a move and dies like a power cut at one of them. */
final class CrashingRun {

    /** The exit code of one that died as it was told. */
    static final int DIED = 137;

    private CrashingRun() {}

    /**
     * @param arguments the migration file; the file to which acts are added, a line each; the file that names the point at which to die:
     *     {@code before} or {@code after}, a blank, and the act
     */
    public static void main(String... arguments) throws Exception {
        Migration migration = MigrationFile.load(Path.of(arguments[0]));
        Logs.to(migration.state().resolve("lockstep.log"));
        TerminalView terminal = TerminalView.of(System.out);
        try (RunningMigration running =
                RunningMigration.start(migration, terminal, new Crash(Path.of(arguments[1]), Path.of(arguments[2])))) {
            running.run();
        }
        System.exit(0);
    }

    private record Crash(Path acts, Path point) implements ActObserver {

        @Override
        public void before(String act) {
            try {
                Files.writeString(acts, act + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            dieAt("before " + act);
        }

        @Override
        public void after(String act, Duration took) {
            dieAt("after " + act);
        }

        private void dieAt(String here) {
            try {
                if (Files.exists(point) && Files.readString(point).equals(here))
                    Runtime.getRuntime().halt(DIED); // no hook, no finally, nothing flushed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
