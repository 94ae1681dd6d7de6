package dev.lockstep.cutover.gate;

import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** The rules, in the order in which they are shown. A new gate is a new line here and, with it, a new input. */
public enum Rule {
    APPLIED_LAG("appliedLag", (inputs, rules) -> inputs.appliedLag().within("applied lag", rules.maxAppliedLag())),
    PROVEN_LAG("provenLag", (inputs, rules) -> inputs.provenLag().within("proven lag", rules.maxProvenLag())),
    PROOF_AGE("proofAge", (inputs, rules) -> Judgements.proofAge(inputs, rules.maxProvenLag())),
    PROOF("proof", (inputs, rules) -> Judgements.proof(inputs)),
    MISMATCHES(
            "mismatches", (inputs, rules) -> Judgements.none(inputs.openMismatches(), "mismatched row", "mismatches")),
    SCAN("scan", (inputs, rules) -> inputs.scans().covers(inputs.tables())),
    SCAN_AGE("scanAge", (inputs, rules) -> inputs.scans().isYoung(inputs.tables(), inputs.at())),
    DEAD_LETTERS(
            "deadLetters", (inputs, rules) -> Judgements.none(inputs.deadLetters(), "dead letter", "dead letters")),
    SCHEMA("schema", Inputs::schema),
    PAUSE("pause", Inputs::pause),
    WAY_BACK(
            "wayBack",
            (inputs, rules) -> inputs.wayBack().verdict(),
            (inputs, rules) -> inputs.wayBack().wanted()),
    CHECK("check", Inputs::check),
    INVENTORY("inventory", Inputs::inventory),
    CAPACITY("capacity", (inputs, rules) -> inputs.capacity().verdict()),
    WINDOW(
            "window",
            (inputs, rules) -> Judgements.window(rules.window(), inputs.at()),
            (inputs, rules) -> rules.window() != null),
    SEQUENCES("sequences", Inputs::sequences),
    DNS("dns", Inputs::dns),
    WAVES("waves", Inputs::waves),
    TTL(
            "ttl",
            (inputs, rules) -> inputs.ttl().verdict(inputs.at()),
            (inputs, rules) -> !(inputs.ttl() instanceof CachedTtl.NotApplicable));

    private final String label;
    private final BiFunction<Inputs, CutoverRules, Verdict> judgement;
    private final BiPredicate<Inputs, CutoverRules> applies;

    Rule(String label, BiFunction<Inputs, CutoverRules, Verdict> judgement) {
        this(label, judgement, (inputs, rules) -> true);
    }

    /** Asks that a look has found nothing; left out where it says that there is no such thing. */
    Rule(String label, Function<Inputs, Findings> look) {
        this(
                label,
                (inputs, rules) -> Judgements.clean(look.apply(inputs)),
                (inputs, rules) -> !(look.apply(inputs) instanceof Findings.NotApplicable));
    }

    Rule(String label, BiFunction<Inputs, CutoverRules, Verdict> judgement, BiPredicate<Inputs, CutoverRules> applies) {
        this.label = label;
        this.judgement = judgement;
        this.applies = applies;
    }

    /** As status, API and reports spell it. */
    public String label() {
        return label;
    }

    /**
     * Whether an operator may let a closed one pass for one cutover. Those may be that guard how long the writes stand still, when, and what waits
     * behind. None may that guards the data, the way back, or that never two sides are writable; and what is not known never passes.
     */
    public boolean overridable() {
        return switch (this) {
            case APPLIED_LAG, PROVEN_LAG, PROOF_AGE, SCAN_AGE, INVENTORY, CAPACITY, WINDOW, SEQUENCES, WAVES, TTL ->
                true;
            case PROOF, MISMATCHES, SCAN, DEAD_LETTERS, SCHEMA, PAUSE, WAY_BACK, CHECK, DNS -> false;
        };
    }

    /** The rule of that name, as {@link #label} spells it. */
    public static Optional<Rule> of(String label) {
        return Arrays.stream(values()).filter(rule -> rule.label.equals(label)).findFirst();
    }

    /** Whether the migration has what the rule is about. */
    boolean applies(Inputs inputs, CutoverRules rules) {
        return applies.test(inputs, rules);
    }

    Verdict judge(Inputs inputs, CutoverRules rules) {
        return judgement.apply(inputs, rules);
    }
}
