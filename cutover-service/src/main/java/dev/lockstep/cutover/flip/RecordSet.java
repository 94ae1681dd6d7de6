package dev.lockstep.cutover.flip;

import java.util.List;

/**
 * All records of one name and type, or their absence. Two sets with the same data are equal however they were spelled.
 *
 * @param name absolute, lower case, with its final dot
 * @param ttl seconds that caches may keep it; of an absent set: seconds that caches may keep its absence (RFC 2308 section 5)
 * @param values canonical, sorted, each once; none: the set does not exist
 */
public record RecordSet(String name, RecordType type, long ttl, List<String> values) {

    /** The longest TTL that there is (RFC 2181 section 8). */
    private static final long MAX_TTL = Integer.MAX_VALUE;

    /**
     * @throws UnsafePlanException if the name, the TTL or a value is none
     */
    public RecordSet {
        name = Spelling.name(name);
        if (ttl < 0 || ttl > MAX_TTL)
            throw new UnsafePlanException(name + " " + type + ": a TTL is 0 to " + MAX_TTL + " seconds, not " + ttl);
        String owner = name;
        values = values.stream()
                .map(value -> Spelling.value(owner, type, value))
                .distinct()
                .sorted()
                .toList();
    }

    public boolean isAbsent() {
        return values.isEmpty();
    }

    boolean hasValues(List<String> others) {
        return values.equals(others);
    }

    RecordSet withTtl(long seconds) {
        return new RecordSet(name, type, seconds, values);
    }

    /** Name and type: what the set is the set of. */
    String key() {
        return name + " " + type;
    }

    /** {@code 10.0.0.1, 10.0.0.2 (ttl 60)}, or {@code nothing}. */
    String contents() {
        return isAbsent() ? "nothing" : String.join(", ", values) + " (ttl " + ttl + ")";
    }

    @Override
    public String toString() {
        return key() + " " + contents();
    }
}
