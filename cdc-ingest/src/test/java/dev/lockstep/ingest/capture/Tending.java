package dev.lockstep.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

/** What the process that runs a migration does for a capture again and again. */
public final class Tending {

    private Tending() {}

    /** One whose database or broker is away is started again. That it has stopped for another reason is an error. */
    public static void tend(Capture capture) throws Exception {
        assertThat(look(capture).map(Stop::kind)).isIn(Optional.empty(), Optional.of(Stop.Kind.AWAY));
    }

    /** The same, of one that may have stopped: why it has, if it has. */
    static Optional<Stop> look(Capture capture) throws Exception {
        Optional<Stop> stop = capture.stop();
        if (stop.filter(s -> s.kind() == Stop.Kind.AWAY).isPresent()) capture.restart();
        return stop;
    }
}
