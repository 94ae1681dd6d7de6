package dev.lockstep.stream.apply;

import dev.lockstep.schemas.avro.LetterOutcomeKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator may do about the rows that the lanes' appliers have set aside. Both ways run between two of an applier's transactions, so
 * no change of a row passes by them.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    /**
     * @param settled rows whose changes go to the target again
     * @param refused rows that the target still refuses, each with what it says and what to do
     */
    public record Outcome(int settled, List<String> refused) {}

    /** Runs something between two of the applier's transactions. */
    interface Between {
        Outcome run(Work work) throws InterruptedException;
    }

    /** What is run there. */
    interface Work {
        Outcome run(Lane lane) throws InterruptedException;
    }

    /** A lane between two of its applier's transactions. */
    record Lane(Quarantine quarantine, TargetWriter writer, Applied now) {

        private List<OpenLetter> open(Predicate<OpenLetter> which) {
            return quarantine.open().stream().filter(which).toList();
        }

        private void settle(List<OpenLetter> letters, LetterOutcomeKind kind, String by) throws InterruptedException {
            if (letters.isEmpty()) return;
            writer.owning(now, lock -> {
                quarantine.open(now.nextOffset(), lock);
                quarantine.settle(letters, kind, by);
            });
            for (OpenLetter letter : letters)
                LOG.atInfo()
                        .addKeyValue("table", letter.key().table())
                        .addKeyValue("letters", letter.letters())
                        .addKeyValue("by", by)
                        .log("dead letters {}", kind.name().toLowerCase(Locale.ROOT));
        }
    }

    private final List<OpenLetter> open;
    private final List<Between> lanes;

    private DeadLetters(List<OpenLetter> open, List<Between> lanes) {
        this.open = open;
        this.lanes = lanes;
    }

    DeadLetters(List<OpenLetter> open, Between lane) {
        this(open, List.of(lane));
    }

    /** Those of several lanes. */
    static DeadLetters together(List<DeadLetters> letters) {
        return new DeadLetters(
                letters.stream().flatMap(each -> each.open.stream()).toList(),
                letters.stream().flatMap(each -> each.lanes.stream()).toList());
    }

    private Outcome inEachLane(Work work) throws InterruptedException {
        int settled = 0;
        List<String> refused = new ArrayList<>();
        for (Between lane : lanes) {
            Outcome outcome = lane.run(work);
            settled += outcome.settled;
            refused.addAll(outcome.refused);
        }
        return new Outcome(settled, refused);
    }

    /** The rows that are set aside, as of when this was asked for. */
    public List<OpenLetter> open() {
        return open;
    }

    /**
     * Writes rows as they are to be by now; each that the target takes follows the source again.
     *
     * @param by who asks for it
     * @throws ApplyException if the applier has stopped, or another has taken the lane over
     */
    public Outcome retry(Predicate<OpenLetter> which, String by) throws InterruptedException {
        return inEachLane(lane -> {
            List<OpenLetter> letters = lane.open(which);
            if (letters.isEmpty()) return new Outcome(0, List.of());
            if (lane.writer.rewrite(lane.now, letters).isEmpty()) return retried(lane, letters, by, List.of());
            return retryOneByOne(lane, letters, by);
        });
    }

    private static Outcome retryOneByOne(Lane lane, List<OpenLetter> letters, String by) throws InterruptedException {
        List<OpenLetter> written = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (OpenLetter letter : letters) {
            Optional<SQLException> error = lane.writer.rewrite(lane.now, List.of(letter));
            if (error.isEmpty()) written.add(letter);
            else
                refused.add(letter.key().table() + " " + letter.key().display() + ": " + SqlErrors.message(error.get())
                        + "; " + SqlErrors.remedy(error.get()));
        }
        return retried(lane, written, by, refused);
    }

    /** A crash before the topic has it leaves the letters open; to retry them again changes nothing. */
    private static Outcome retried(Lane lane, List<OpenLetter> letters, String by, List<String> refused)
            throws InterruptedException {
        lane.settle(letters, LetterOutcomeKind.RETRIED, by);
        return new Outcome(letters.size(), refused);
    }

    /**
     * Gives the changes of rows up: the target keeps what it has of them, which the proof reports, until the source changes them again.
     *
     * @param by who asks for it; the topic keeps it, with the time
     * @throws ApplyException if the applier has stopped, or another has taken the lane over
     */
    public Outcome discard(Predicate<OpenLetter> which, String by) throws InterruptedException {
        return inEachLane(lane -> {
            List<OpenLetter> letters = lane.open(which);
            lane.settle(letters, LetterOutcomeKind.DISCARDED, by);
            return new Outcome(letters.size(), List.of());
        });
    }
}
