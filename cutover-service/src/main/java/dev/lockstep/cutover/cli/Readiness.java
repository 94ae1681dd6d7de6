package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.CutoverRequest;
import dev.lockstep.cutover.gate.GateResult;
import dev.lockstep.cutover.gate.Gates;
import dev.lockstep.cutover.gate.HoldClock;
import dev.lockstep.cutover.gate.Inputs;
import dev.lockstep.cutover.gate.Overrides;
import dev.lockstep.cutover.gate.Verdict;
import dev.lockstep.cutover.phase.NotClearedException;
import dev.lockstep.cutover.phase.PhaseName;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether a cutover may begin, and somebody wants it: the gates, for how long they have held, and what is overridden. Thread-safe. */
final class Readiness {

    private final CutoverRules rules;
    private final PhaseOwner owner;
    private volatile HoldClock hold;
    private volatile List<GateResult> gates = List.of();
    private volatile boolean requested;
    private volatile boolean calledOff;
    private boolean waitsOn;
    private volatile Overrides overrides = Overrides.NONE;

    Readiness(CutoverRules rules, PhaseOwner owner) {
        this.rules = rules;
        this.owner = owner;
        hold = HoldClock.start(rules.hold());
    }

    void judge(Inputs inputs) {
        gates = overrides.apply(Gates.evaluate(inputs, rules));
        hold = hold.next(gates, inputs.at());
    }

    /**
     * Judges once more, just before writes stand still.
     *
     * @throws NotClearedException if a gate is not open by now
     */
    void require(Inputs inputs) {
        judge(inputs);
        List<GateResult> closed = Gates.notOpen(gates);
        waitsOn = !closed.isEmpty();
        if (waitsOn) throw new NotClearedException("gates are not open any more: " + closed);
    }

    List<GateResult> gates() {
        return gates;
    }

    HoldClock hold() {
        return hold;
    }

    /** Whether it is to begin now, if nothing else holds it back. */
    boolean isDue() {
        return hold.held() && isWanted();
    }

    /** Whether it begins once the gates have held. */
    boolean isWanted() {
        return requested || mayBeginByItself();
    }

    /** Once: every try pauses the application's writes, so after one that was given up somebody should look first. */
    private boolean mayBeginByItself() {
        return rules.mode() == Migration.Mode.AUTO
                && !calledOff
                && owner.history().stream().noneMatch(t -> t.phase().name() == PhaseName.FENCED);
    }

    /** For the journal: what it was that let it begin. */
    String reason() {
        String held = "all gates open for the whole hold time";
        return overrides.isEmpty() ? held : held + ", but overridden " + overrides;
    }

    /** After a cutover, or a try. Begins to wait anew, with nothing asked for nor overridden, unless {@link #require} has held it back: then it waits on. */
    void tried() {
        if (!waitsOn) forget();
        waitsOn = false;
        hold = HoldClock.start(rules.hold());
    }

    /**
     * Forgets what was asked for. In this process no cutover begins by itself any more either.
     *
     * @return whether one would have begun
     */
    boolean callOff() {
        boolean was = isWanted();
        calledOff = true;
        forget();
        return was;
    }

    private void forget() {
        requested = false;
        overrides = Overrides.NONE;
    }

    /**
     * Asks for the cutover. It begins as soon as all gates have held. What is overridden is for this one alone, and journaled before.
     *
     * @return why it cannot be asked for now; empty: it was
     */
    Optional<String> request(CutoverRequest request) {
        try {
            return request(Overrides.of(request.overrides(), request.reason(), request.by()));
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> request(Overrides wanted) {
        PhaseName phase = owner.current().name();
        if (phase.ordinal() >= PhaseName.READY.ordinal())
            return Optional.of("the migration is in phase " + phase + " already");
        List<GateResult> judged = wanted.apply(gates);
        List<GateResult> closed = Gates.notOpen(judged);
        if (phase != PhaseName.FOLLOWING)
            return Optional.of("the migration is in phase " + phase + "; it must be FOLLOWING");
        if (!closed.isEmpty()) return Optional.of("gates are not open: " + closed);
        if (!wanted.isEmpty()) owner.note("override of " + wanted, facts(judged));
        overrides = wanted;
        requested = true;
        return Optional.empty();
    }

    private static Map<String, String> facts(List<GateResult> judged) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (GateResult gate : judged)
            if (gate.verdict() instanceof Verdict.Overridden overridden)
                facts.put(gate.rule().label(), overridden.closed());
        return facts;
    }
}
