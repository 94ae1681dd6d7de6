package dev.lockstep.cutover.phase;

import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A phase's facts by name, as the journal keeps them: text that people can read, and that restores the exact record. */
final class Facts {

    private static final String CUTOVER = "cutover.";

    private final TreeMap<String, String> values;

    Facts() {
        this(Map.of());
    }

    Facts(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    Map<String, String> asMap() {
        return values;
    }

    Facts put(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    Facts put(String name, OptionalLong value) {
        value.ifPresent(number -> put(name, number));
        return this;
    }

    Facts put(String name, List<String> lines) {
        return put(name, String.join("\n", lines));
    }

    Facts put(LastProof proof) {
        return put("barrierMicros", proof.barrierMicros())
                .put("tables", proof.tables())
                .put("rows", proof.rows())
                .put("digest", proof.digest());
    }

    Facts put(DnsChange dns) {
        return put("dnsBefore", dns.before())
                .put("dnsAfter", dns.after())
                .put("serialBefore", dns.serialBefore())
                .put("serialAfter", dns.serialAfter())
                .put("cachedSeconds", dns.cachedSeconds());
    }

    Facts put(Moved moved) {
        return put("writePauseMillis", moved.writePause().toMillis())
                .put(moved.proof())
                .put(moved.dns());
    }

    /** The cutover that a rollback takes back, beside the rollback's own facts. */
    Facts putCutover(@Nullable Moved cutover) {
        if (cutover != null) new Facts().put(cutover).values.forEach((name, value) -> put(CUTOVER + name, value));
        return this;
    }

    @Nullable
    Moved cutover() {
        Map<String, String> own = new TreeMap<>();
        values.tailMap(CUTOVER).forEach((name, value) -> {
            if (name.startsWith(CUTOVER)) own.put(name.substring(CUTOVER.length()), value);
        });
        return own.isEmpty() ? null : new Facts(own).moved();
    }

    Moved moved() {
        return new Moved(millis("writePauseMillis"), proof(), dns());
    }

    /** A journal from before there was a way back has none. */
    Direction direction() {
        return values.containsKey("direction") ? read("direction", Direction::valueOf) : Direction.FORWARD;
    }

    /** Likewise one from before it was noted. */
    boolean opening() {
        return values.containsKey("opening") && flag("opening");
    }

    Instant instant(String name) {
        return read(name, Instant::parse);
    }

    boolean flag(String name) {
        return read(name, Boolean::parseBoolean);
    }

    Duration millis(String name) {
        return Duration.ofMillis(read(name, Long::parseLong));
    }

    Duration duration(String name) {
        return read(name, Duration::parse);
    }

    LastProof proof() {
        return new LastProof(
                read("barrierMicros", Long::parseLong),
                read("tables", Integer::parseInt),
                read("rows", Long::parseLong),
                read("digest", Function.identity()));
    }

    DnsChange dns() {
        return new DnsChange(
                lines("dnsBefore"),
                lines("dnsAfter"),
                optionalLong("serialBefore"),
                optionalLong("serialAfter"),
                optionalLong("cachedSeconds"));
    }

    private List<String> lines(String name) {
        String text = read(name, Function.identity());
        return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
    }

    private OptionalLong optionalLong(String name) {
        return values.containsKey(name) ? OptionalLong.of(read(name, Long::parseLong)) : OptionalLong.empty();
    }

    private <T> T read(String name, Function<String, T> parser) {
        @Nullable String text = values.get(name);
        if (text == null) throw new JournalException("the journal lacks the fact " + name);
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new JournalException("the journal's fact " + name + " reads '" + text + "'", e);
        }
    }
}
