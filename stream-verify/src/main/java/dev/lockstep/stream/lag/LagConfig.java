package dev.lockstep.stream.lag;

import dev.lockstep.schemas.message.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * @param lanes how many lanes must reach a barrier before a stage has
 * @param state directory that Kafka Streams may use
 * @param clock the one that dates the barriers
 * @param retired ids of tables as they were once: what was said of them counts no more
 * @param window what {@link LagMonitor#view()} looks back on
 */
public record LagConfig(
        String bootstrap, Topics topics, int lanes, Path state, Clock clock, Set<String> retired, Duration window) {

    static final Duration DEFAULT_WINDOW = Duration.ofSeconds(60);
    static final Duration SERIES = Duration.ofMinutes(10);

    public LagConfig {
        if (lanes < 1) throw new IllegalArgumentException("lanes: at least 1, not " + lanes);
        retired = Set.copyOf(retired);
        if (window.isNegative() || window.isZero()) throw new IllegalArgumentException("window: longer than nothing");
    }

    /** With a window of a minute. */
    public LagConfig(String bootstrap, Topics topics, int lanes, Path state, Clock clock, Set<String> retired) {
        this(bootstrap, topics, lanes, state, clock, retired, DEFAULT_WINDOW);
    }

    /** How long single barriers are remembered. */
    Duration retention() {
        return window.compareTo(SERIES) > 0 ? window : SERIES;
    }

    String applicationId() {
        return "lockstep-" + topics.migration() + "-lag";
    }
}
