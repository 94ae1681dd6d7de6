package dev.lockstep.cutover.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gaps between acknowledged commits. Not thread-safe. */
final class Pauses {

    private @Nullable Instant last;
    private String lastAddress = "";
    private Duration longest = Duration.ZERO;
    private final List<Duration> switches = new ArrayList<>();

    void commit(String address, Instant at) {
        if (last != null) {
            Duration gap = Duration.between(last, at);
            longest = max(longest, gap);
            if (!address.equals(lastAddress)) switches.add(gap);
        }
        last = at;
        lastAddress = address;
    }

    Duration longest() {
        return longest;
    }

    Duration longestSwitch() {
        return switches.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    /** From one address to the next, in order. */
    List<Duration> switches() {
        return List.copyOf(switches);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
