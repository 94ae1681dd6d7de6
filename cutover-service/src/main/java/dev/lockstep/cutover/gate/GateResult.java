package dev.lockstep.cutover.gate;

/** One rule's verdict. */
public record GateResult(Rule rule, Verdict verdict) {

    /** {@code appliedLag: applied lag 3 s exceeds 2 s}, or {@code appliedLag: open}. */
    @Override
    public String toString() {
        return rule.label() + ": " + (verdict.reason().isEmpty() ? "open" : verdict.reason());
    }
}
