package dev.lockstep.cutover.flip;

import java.time.Duration;

/** A zone's change with the place where it is made. */
public record Step(Zone zone, DnsPlan plan) {

    public Outcome apply() {
        return zone.provider().apply(plan);
    }

    public ReadBack readBack(Duration deadline) {
        return zone.provider().readBack(plan, deadline);
    }

    public Step inverse() {
        return new Step(zone, plan.inverse());
    }
}
