package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.phase.ActObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps in the log how long every act of a move took: where the write pause went. */
final class LoggedActs implements ActObserver {

    private static final Logger LOG = LoggerFactory.getLogger(LoggedActs.class);
    private static final String POLLED = "proof.";

    @Override
    public void after(String act, Duration took) {
        if (!act.startsWith(POLLED)) LOG.info("act: name={} millis={}", act, took.toMillis());
    }
}
