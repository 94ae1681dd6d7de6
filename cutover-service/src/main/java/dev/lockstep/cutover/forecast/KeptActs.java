package dev.lockstep.cutover.forecast;

import dev.lockstep.cutover.phase.ActObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps how long each act of every move took, a line an act, in a file that outlives the process: what cannot be drilled is foretold from
 * there. A file that cannot be written or read costs the forecast's figures and nothing else.
 */
public final class KeptActs implements ActObserver {

    private static final Logger LOG = LoggerFactory.getLogger(KeptActs.class);
    private static final String POLLED = "proof.";

    private final Path file;
    private boolean said;

    public KeptActs(Path file) {
        this.file = file;
    }

    @Override
    public void after(String act, Duration took) {
        if (act.startsWith(POLLED)) return;
        try {
            Files.writeString(
                    file,
                    took.toNanos() / 1000 + " " + act + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            if (!said) LOG.warn("what a move takes is not kept: file={} error={}", file, e.toString());
            said = true;
        }
    }

    List<EarlierMove> moves() {
        try {
            return EarlierMove.in(
                    Files.readAllLines(file).stream().map(KeptActs::act).toList());
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | NumberFormatException e) {
            LOG.warn("what earlier moves took cannot be read: file={} error={}", file, e.toString());
            return List.of();
        }
    }

    private static EarlierMove.Act act(String line) {
        int space = line.indexOf(' ');
        long micros = Long.parseLong(line.substring(0, Math.max(0, space)));
        return new EarlierMove.Act(line.substring(space + 1), Duration.ofNanos(micros * 1000));
    }
}
