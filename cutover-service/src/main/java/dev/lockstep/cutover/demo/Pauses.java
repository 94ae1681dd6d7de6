package dev.lockstep.cutover.demo;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The gaps between acknowledged commits. Not thread-safe. */
final class Pauses {

    private @Nullable Instant last;
    private String lastAddress = "";
    private Duration longest = Duration.ZERO;
    private Duration longestSwitch = Duration.ZERO;

    void commit(String address, Instant at) {
        if (last != null) {
            Duration gap = Duration.between(last, at);
            longest = max(longest, gap);
            if (!address.equals(lastAddress)) longestSwitch = max(longestSwitch, gap);
        }
        last = at;
        lastAddress = address;
    }

    Duration longest() {
        return longest;
    }

    Duration longestSwitch() {
        return longestSwitch;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
