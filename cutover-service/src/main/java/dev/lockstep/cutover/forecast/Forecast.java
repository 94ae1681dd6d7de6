package dev.lockstep.cutover.forecast;

import dev.lockstep.cutover.gate.GateResult;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The next move, foretold.
 *
 * @param move cutover or rollback
 * @param at when its last drill ended
 * @param drills that it is made from
 * @param trouble why there are not as many as were asked for; empty: there are
 * @param pause the write pause to come
 * @param dnsReadMillis how long reading all authoritative servers took, the median; null: none was read
 * @param budgetMillis past which the move is given up
 * @param earlierMillis write pauses of earlier moves the same way, oldest first
 * @param plan all steps, in their order
 * @param gates what each says now
 * @param notDrilled what the figures leave out
 */
public record Forecast(
        String move,
        Instant at,
        int drills,
        String trouble,
        Pause pause,
        @Nullable Long dnsReadMillis,
        long budgetMillis,
        List<Long> earlierMillis,
        List<String> plan,
        List<String> gates,
        List<String> notDrilled) {

    /**
     * Foretells from what was measured. Changes nothing, and asks nobody.
     *
     * @param earlierMillis write pauses of earlier moves the same way
     */
    public static Forecast of(
            Plan plan,
            List<Drill> drills,
            String trouble,
            KeptActs acts,
            List<Long> earlierMillis,
            List<GateResult> gates,
            Instant at) {
        Estimate dns = Estimate.of(
                "DNS",
                Estimate.DRILLED,
                drills.stream().map(Drill::dns).flatMap(Optional::stream).toList());
        return new Forecast(
                plan.direction() == Direction.FORWARD ? "cutover" : "rollback",
                at,
                drills.size(),
                trouble,
                Pause.of(plan.direction(), drills, acts.moves(), !plan.dns().isEmpty(), plan.otherWay()),
                dns.medianMillis(),
                plan.budget().toMillis(),
                earlierMillis,
                plan.lines(),
                gates.stream().map(GateResult::toString).toList(),
                plan.notDrilled());
    }

    /** Whether it would keep to the budget even if all went as badly as any has; false where a step has no figure. */
    public boolean isWithinBudget() {
        return pause.complete() && pause.upperMillis() <= budgetMillis;
    }
}
