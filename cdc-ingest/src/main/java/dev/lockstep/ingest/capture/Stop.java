package dev.lockstep.ingest.capture;

import dev.lockstep.ingest.guard.LogLostException;
import dev.lockstep.ingest.guard.SchemaChangedException;
import dev.lockstep.schemas.message.Position;
import java.util.List;
import java.util.Optional;

/**
 * Why a capture stands still.
 *
 * @param reason in words for an operator, on one line
 * @param position of a change of the tables in the log
 */
public record Stop(Kind kind, String reason, Optional<Position> position) {

    /** What follows from it. */
    public enum Kind {
        /** The tables changed; it goes on once both sides agree again. */
        CHANGED,
        /** The database no longer has the changes that come next. */
        LOST,
        /** What cannot be carried or read, or is refused; the same again at every start. */
        BROKEN,
        /** A database, Kafka or a network that is away; tried again until it is back. */
        AWAY
    }

    /** As the connectors of all three engines say that their place in the log is gone. */
    private static final List<String> GONE = List.of(
            "no longer available on the server",
            "can no longer get changes from replication slot",
            "can no longer access replication slot",
            "requested WAL segment",
            "Could not find first log file",
            "has been invalidated",
            "purged required binary logs",
            "purged by the master",
            "The db history topic");

    /** A change that cannot be read, or that no topic takes. */
    private static final List<String> UNFIT = List.of(
            "org.apache.kafka.connect.errors.DataException: ",
            "org.apache.kafka.common.errors.RecordTooLargeException: ");

    /** Of what failed on the way to the log. */
    static Stop of(String connector, Throwable failure) {
        Kind kind = Trouble.passes(failure) ? Kind.AWAY : Kind.BROKEN;
        return new Stop(kind, connector + ": " + failure.getMessage(), Optional.empty());
    }

    /** Of a connector that failed. */
    static Stop of(String connector, String trace) {
        Optional<String> changed = after(SchemaChangedException.MARK, trace);
        if (changed.isPresent()) return changed(changed.get());
        Optional<String> lost = after(LogLostException.MARK, trace);
        if (lost.isEmpty() && GONE.stream().anyMatch(trace::contains)) lost = Optional.of(rootCause(trace));
        if (lost.isPresent()) return new Stop(Kind.LOST, lost.get(), Optional.empty());
        Kind kind = UNFIT.stream().anyMatch(trace::contains) ? Kind.BROKEN : Kind.AWAY;
        return new Stop(kind, connector + ": " + rootCause(trace), Optional.empty());
    }

    private static Stop changed(String message) {
        String position = SchemaChangedException.position(message);
        return new Stop(
                Kind.CHANGED,
                SchemaChangedException.change(message),
                position.isEmpty() ? Optional.empty() : Optional.of(Position.parse(position)));
    }

    private static Optional<String> after(String mark, String trace) {
        return trace.lines()
                .filter(line -> line.contains(mark))
                .findFirst()
                .map(line -> line.substring(line.indexOf(mark) + mark.length()));
    }

    private static String rootCause(String trace) {
        return trace.lines()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, last) -> last)
                .map(line -> line.substring("Caused by: ".length()))
                .orElseGet(() -> trace.lines().findFirst().orElse("no reason given"));
    }
}
