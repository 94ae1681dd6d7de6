package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Letters;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.stream.apply.DeadLetters;
import dev.lockstep.stream.apply.OpenLetter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The dead letters of the run that is under way. */
record AppliedLetters(Supplier<Pipeline> pipeline) implements Letters {

    @Override
    public Optional<List<Status.Letter>> open() {
        return of(pipeline.get());
    }

    static Optional<List<Status.Letter>> of(Pipeline pipeline) {
        return pipeline.streams
                .appliers()
                .deadLetters()
                .map(letters ->
                        letters.open().stream().map(AppliedLetters::shown).toList());
    }

    @Override
    public Outcome retry(Choice choice) throws InterruptedException {
        return outcome(letters().retry(letter -> choice.matches(shown(letter)), choice.by()));
    }

    @Override
    public Outcome discard(Choice choice) throws InterruptedException {
        return outcome(letters().discard(letter -> choice.matches(shown(letter)), choice.by()));
    }

    private DeadLetters letters() {
        return pipeline.get()
                .streams
                .appliers()
                .deadLetters()
                .orElseThrow(() -> new PipelineException("the target has not been reached yet; try again once it is"));
    }

    private static Outcome outcome(DeadLetters.Outcome outcome) {
        return new Outcome(outcome.settled(), outcome.refused());
    }

    private static Status.Letter shown(OpenLetter letter) {
        return new Status.Letter(
                letter.key().table(),
                letter.key().display(),
                letter.newest().operation().name(),
                letter.letters(),
                letter.sqlState(),
                letter.error(),
                letter.since(),
                letter.at());
    }
}
