package dev.lockstep.cutover.phase;

import java.util.List;
import java.util.OptionalLong;

/**
 * What the flip changed in DNS.
 *
 * @param before the record sets' values as they were, a line each
 * @param after as they are
 * @param serialBefore the zone's serial; empty where it was not seen
 * @param serialAfter of the zone once it showed the change
 * @param cachedSeconds for how long at most caches that keep to the TTL may tell what was there before, once all servers show the change; empty
 *     where nobody knows
 */
public record DnsChange(
        List<String> before,
        List<String> after,
        OptionalLong serialBefore,
        OptionalLong serialAfter,
        OptionalLong cachedSeconds) {

    /** A migration without DNS: the operator moves the traffic. */
    public static final DnsChange NONE =
            new DnsChange(List.of(), List.of(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public DnsChange {
        before = lines(before);
        after = lines(after);
    }

    private static List<String> lines(List<String> values) {
        for (String value : values)
            if (value.isEmpty() || value.contains("\n"))
                throw new IllegalArgumentException("a record set's value is one line, not '" + value + "'");
        return List.copyOf(values);
    }
}
