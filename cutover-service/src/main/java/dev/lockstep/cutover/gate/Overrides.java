package dev.lockstep.cutover.gate;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an operator lets pass although it is closed, for one cutover.
 *
 * @param reason for the journal, in the operator's words
 * @param by who
 */
public record Overrides(Set<Rule> rules, String reason, String by) {

    public static final Overrides NONE = new Overrides(Set.of(), "", "");

    public Overrides {
        rules = Set.copyOf(rules);
    }

    /**
     * @param labels of the rules
     * @throws IllegalArgumentException if one is none, or may not be overridden, or there is no reason; for the operator
     */
    public static Overrides of(List<String> labels, String reason, String by) {
        if (labels.isEmpty()) return NONE;
        if (reason.isBlank()) throw new IllegalArgumentException("an override needs a reason; give one with --reason");
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        for (String label : labels) rules.add(rule(label));
        return new Overrides(rules, reason.strip(), by);
    }

    private static Rule rule(String label) {
        Rule rule = Rule.of(label)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no gate '" + label + "'; those that can be overridden are " + overridable()));
        if (rule.overridable()) return rule;
        throw new IllegalArgumentException(
                "gate " + label + " cannot be overridden, as data or the way back could be lost; those"
                        + " that can are " + overridable());
    }

    private static String overridable() {
        return EnumSet.allOf(Rule.class).stream()
                .filter(Rule::overridable)
                .map(Rule::label)
                .collect(Collectors.joining(", "));
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** The results with these let pass where they are closed. What is not known stays so. Pure. */
    public List<GateResult> apply(List<GateResult> results) {
        return results.stream().map(this::apply).toList();
    }

    private GateResult apply(GateResult result) {
        boolean passes = rules.contains(result.rule()) && result.verdict() instanceof Verdict.Closed;
        return passes
                ? new GateResult(
                        result.rule(), new Verdict.Overridden(result.verdict().reason(), reason, by))
                : result;
    }

    /** {@code scanAge, window: agreed with the shop, by joe@ops}. */
    @Override
    public String toString() {
        return rules.stream().sorted().map(Rule::label).collect(Collectors.joining(", ")) + ": " + reason + ", by "
                + by;
    }
}
