package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.ActObserver;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.schemas.migration.Migration;

/** One run after the other: each resumption begins a new one in the same process, just as a start of the process would. */
final class Runs implements AutoCloseable {

    private final Migration migration;
    private final TerminalView terminal;
    private final ActObserver observer;
    private volatile MigrationRun now;
    private volatile boolean stopped;

    Runs(Migration migration, TerminalView terminal, ActObserver observer, Beginning beginning) throws Exception {
        this.migration = migration;
        this.terminal = terminal;
        this.observer = observer;
        now = begin(beginning);
    }

    private MigrationRun begin(Beginning beginning) throws Exception {
        return new MigrationRun(migration, beginning, terminal::show, observer, RunCommand.clock());
    }

    MigrationRun now() {
        return now;
    }

    /** Runs until the migration has moved or was stopped, over any number of pauses. */
    Phase run() throws Exception {
        while (true) {
            Phase phase = now.run();
            if (!now.isResumed() || stopped) return phase;
            now.close();
            terminal.say("resumed; the tables are agreed on anew");
            synchronized (this) {
                if (stopped) return phase;
                now = begin(Beginning.look(migration));
            }
        }
    }

    void stop() {
        stopped = true;
        now.stop();
    }

    @Override
    public synchronized void close() {
        stop();
        now.close();
    }
}
