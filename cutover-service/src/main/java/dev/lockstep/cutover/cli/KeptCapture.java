package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Capture;
import dev.lockstep.ingest.capture.Stop;
import dev.lockstep.schemas.message.Side;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A capture that is started again, ever more patiently, while its database, Kafka or Connect is away. For one thread, {@link #stop} aside. */
final class KeptCapture {

    private static final Logger LOG = LoggerFactory.getLogger(KeptCapture.class);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    final Side side;
    final int lane;
    final Capture capture;
    private final Clock clock;
    private Duration patience = FIRST;
    private @Nullable Instant retryAt;
    private volatile @Nullable Stop stop;

    KeptCapture(Side side, int lane, Capture capture, Clock clock) {
        this.side = side;
        this.lane = lane;
        this.capture = capture;
        this.clock = clock;
    }

    /** Why it stands still, as of the last {@link #tend}. */
    Optional<Stop> stop() {
        return Optional.ofNullable(stop);
    }

    /** Looks, and tries again when that is due. */
    void tend() throws InterruptedException {
        try {
            look();
        } catch (IOException e) {
            stop = new Stop(Stop.Kind.AWAY, "Kafka Connect cannot be asked: " + e, Optional.empty());
        }
    }

    private void look() throws IOException, InterruptedException {
        stop = capture.stop().orElse(null);
        Instant now = clock.instant();
        if (stop == null) {
            if (retryAt != null && retryAt.plus(LONGEST).isBefore(now)) patience = FIRST;
            return;
        }
        if (stop.kind() != Stop.Kind.AWAY || (retryAt != null && retryAt.isAfter(now))) return;
        LOG.warn("capture tries again: reason={} patience={}", stop.reason(), patience);
        capture.restart();
        retryAt = now.plus(patience);
        patience = patience.multipliedBy(2).compareTo(LONGEST) < 0 ? patience.multipliedBy(2) : LONGEST;
    }

    /** Ends it for good. What cannot be reached then, {@link Leftovers} takes away or names. */
    void remove() throws InterruptedException {
        try {
            capture.remove();
        } catch (SQLException | IOException | RuntimeException e) {
            LOG.warn("capture not removed: side={} lane={} error={}", side.label(), lane, e.toString());
        }
    }
}
