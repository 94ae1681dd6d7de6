package dev.lockstep.cutover.gate;

import dev.lockstep.schemas.migration.WindowRules;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the rules have in common. Pure. */
final class Judgements {

    private Judgements() {}

    static Verdict proof(Inputs inputs) {
        return inputs.proof()
                .map(proof -> proof.covers(inputs.proven()))
                .orElseGet(() -> new Verdict.Unknown("nothing is proven yet"));
    }

    static Verdict proofAge(Inputs inputs, Duration limit) {
        if (inputs.proof().isEmpty()) return new Verdict.Unknown("nothing is proven yet");
        Duration age = Duration.between(inputs.proof().get().barrier(), inputs.at());
        if (age.isNegative())
            return new Verdict.Unknown("the newest proof is dated " + Units.of(age.negated()) + " ahead; check clocks");
        return age.compareTo(limit) <= 0
                ? Verdict.OPEN
                : new Verdict.Closed("the newest proof is " + Units.of(age) + " old, more than " + Units.of(limit));
    }

    static Verdict none(OptionalLong count, String thing, String all) {
        if (count.isEmpty()) return new Verdict.Unknown("the number of " + all + " is not known");
        return count.getAsLong() == 0 ? Verdict.OPEN : new Verdict.Closed(Units.of(count.getAsLong(), thing));
    }

    static Verdict window(@Nullable WindowRules window, Instant at) {
        if (window == null || window.isOpen(at)) return Verdict.OPEN;
        return new Verdict.Closed("it is not " + window
                + window.opensAfter(at)
                        .map(opens ->
                                "; that begins " + opens.atZone(window.zoneId()).toLocalDateTime())
                        .orElse(""));
    }

    static Verdict clean(Findings findings) {
        if (findings instanceof Findings.Seen seen)
            return seen.problems().isEmpty() ? Verdict.OPEN : new Verdict.Closed(String.join("; ", seen.problems()));
        if (findings instanceof Findings.Unseen unseen) return new Verdict.Unknown(unseen.reason());
        return new Verdict.Unknown("not applicable"); // its rule does not ask
    }
}
