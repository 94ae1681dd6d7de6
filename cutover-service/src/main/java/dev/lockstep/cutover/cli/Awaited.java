package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.gate.GateResult;
import dev.lockstep.cutover.gate.Gates;
import dev.lockstep.cutover.gate.HoldClock;
import dev.lockstep.cutover.phase.OnTarget;
import dev.lockstep.cutover.phase.Phase;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a migration waits for, and of whom. Pure.
 *
 * @param asked whether a move has been asked for, or begins by itself, that has not begun: the cutover, or once that is under way the rollback
 * @param left until the end of soaking is suggested; empty where the target has not been opened
 */
record Awaited(
        Phase phase,
        Optional<Pause> pause,
        Optional<Hold> held,
        List<GateResult> gates,
        HoldClock hold,
        CutoverRules rules,
        boolean asked,
        Optional<Duration> left) {

    /** In a sentence for people. */
    String text() {
        if (phase.name().isMoving()) return ofPhase();
        return pause.map(paused ->
                        "your word, paused: " + paused.change() + "; " + paused.remedy(phase instanceof OnTarget))
                .or(() -> held.map(by -> "your word, paused: " + by.reason() + "; lockstep resume"))
                .orElseGet(this::ofPhase);
    }

    private String ofPhase() {
        return switch (phase.name()) {
            case PREPARED, COPYING -> "the initial copy to be applied to the target";
            case FOLLOWING -> following();
            case READY, FENCED, DRAINED, FLIPPED ->
                "the " + (phase.direction() == Direction.FORWARD ? "cutover" : "rollback") + " under way"
                        + (asked ? ", and then the rollback that is asked for" : "");
            case OPEN ->
                rules.keepsWayBack()
                        ? "the way back to be proven; the application writes on the target"
                        : "nothing: the application writes on the target, and there is no way back";
            case SOAKING ->
                "your word: lockstep finish" + suggested()
                        + ", or lockstep rollback; the application writes on the target";
            case ROLLED_BACK -> "the target to follow the source again";
            case FINISHED -> "nothing: the migration is over";
        };
    }

    private String suggested() {
        return left.map(time -> time.isNegative() || time.isZero()
                        ? " (the suggested time is over)"
                        : " (suggested in " + TerminalView.roughly(time) + ")")
                .orElse("");
    }

    private String following() {
        List<GateResult> closed = Gates.notOpen(gates);
        String then = asked ? "; then the cutover begins" : "";
        if (!closed.isEmpty())
            return "gates to open: " + closed.get(0)
                    + (closed.size() > 1 ? " and " + (closed.size() - 1) + " more" : "") + then;
        if (!hold.held()) return "gates to stay open for " + rules.hold().toSeconds() + " s" + then;
        return asked ? "the cutover to begin" : "your word: lockstep cutover";
    }
}
