package dev.lockstep.cutover.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Future;

/** Lets whoever sits at the terminal give the word. */
final class Ask {

    private Ask() {}

    /** Every line entered asks for the cutover, until the migration ends or the input does. */
    static void whenReady(TerminalView terminal, RunningMigration running, Future<?> end) {
        terminal.say("press Enter to move the traffic once the gates are open, Ctrl-C to give up");
        Thread thread = new Thread(() -> listen(terminal, running, end), "ask");
        thread.setDaemon(true);
        thread.start();
    }

    private static void listen(TerminalView terminal, RunningMigration running, Future<?> end) {
        try {
            int read = System.in.read();
            while (read >= 0 && !end.isDone()) {
                if (read == '\n') {
                    Optional<String> refused = running.migration().requests().cutover();
                    terminal.say(refused.map(reason -> "not yet: " + reason)
                            .orElse("asked for; it begins once all gates have held"));
                }
                read = System.in.read();
            }
        } catch (IOException e) {
            terminal.say("no input any more: " + e.getMessage());
        }
    }
}
