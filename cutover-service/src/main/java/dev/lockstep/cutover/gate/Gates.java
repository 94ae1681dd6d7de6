package dev.lockstep.cutover.gate;

import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.util.Arrays;
import java.util.List;

/** All rules at once. */
public final class Gates {

    private Gates() {}

    /** Judges the inputs by every rule that applies, in the rules' order. Pure. */
    public static List<GateResult> evaluate(Inputs inputs, CutoverRules rules) {
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.applies(inputs, rules))
                .map(rule -> new GateResult(rule, rule.judge(inputs, rules)))
                .toList();
    }

    /** No result is not a pass. */
    public static boolean allOpen(List<GateResult> results) {
        return !results.isEmpty()
                && results.stream().allMatch(result -> result.verdict().isOpen());
    }

    /** Those that hold the traffic back. */
    public static List<GateResult> notOpen(List<GateResult> results) {
        return results.stream().filter(result -> !result.verdict().isOpen()).toList();
    }
}
