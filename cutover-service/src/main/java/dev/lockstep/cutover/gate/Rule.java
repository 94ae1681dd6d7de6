package dev.lockstep.cutover.gate;

import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;

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
    SCHEMA("schema", (inputs, rules) -> Judgements.clean(inputs.schema())),
    PAUSE("pause", (inputs, rules) -> Judgements.clean(inputs.pause())),
    WAY_BACK("wayBack", (inputs, rules) -> inputs.wayBack().verdict()) {
        @Override
        boolean applies(Inputs inputs) {
            return inputs.wayBack().wanted();
        }
    },
    CHECK("check", (inputs, rules) -> Judgements.clean(inputs.check())) {
        @Override
        boolean applies(Inputs inputs) {
            return !(inputs.check() instanceof Findings.NotApplicable);
        }
    },
    CAPACITY("capacity", (inputs, rules) -> inputs.capacity().verdict()),
    WINDOW("window", (inputs, rules) -> Judgements.window(rules.window(), inputs.at())) {
        @Override
        boolean applies(Inputs inputs, CutoverRules rules) {
            return rules.window() != null;
        }
    },
    SEQUENCES("sequences", (inputs, rules) -> Judgements.clean(inputs.sequences())) {
        @Override
        boolean applies(Inputs inputs) {
            return !(inputs.sequences() instanceof Findings.NotApplicable);
        }
    },
    DNS("dns", (inputs, rules) -> Judgements.clean(inputs.dns())) {
        @Override
        boolean applies(Inputs inputs) {
            return !(inputs.dns() instanceof Findings.NotApplicable);
        }
    },
    WAVES("waves", (inputs, rules) -> Judgements.clean(inputs.waves())) {
        @Override
        boolean applies(Inputs inputs) {
            return !(inputs.waves() instanceof Findings.NotApplicable);
        }
    },
    TTL("ttl", (inputs, rules) -> inputs.ttl().verdict(inputs.at())) {
        @Override
        boolean applies(Inputs inputs) {
            return !(inputs.ttl() instanceof CachedTtl.NotApplicable);
        }
    };

    private final String label;
    private final BiFunction<Inputs, CutoverRules, Verdict> judgement;

    Rule(String label, BiFunction<Inputs, CutoverRules, Verdict> judgement) {
        this.label = label;
        this.judgement = judgement;
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
            case APPLIED_LAG, PROVEN_LAG, PROOF_AGE, SCAN_AGE, CAPACITY, WINDOW, SEQUENCES, WAVES, TTL -> true;
            case PROOF, MISMATCHES, SCAN, DEAD_LETTERS, SCHEMA, PAUSE, WAY_BACK, CHECK, DNS -> false;
        };
    }

    /** The rule of that name, as {@link #label} spells it. */
    public static Optional<Rule> of(String label) {
        return Arrays.stream(values()).filter(rule -> rule.label.equals(label)).findFirst();
    }

    /** Whether the migration has what the rule is about. */
    boolean applies(Inputs inputs) {
        return true;
    }

    boolean applies(Inputs inputs, CutoverRules rules) {
        return applies(inputs);
    }

    Verdict judge(Inputs inputs, CutoverRules rules) {
        return judgement.apply(inputs, rules);
    }
}
