package dev.lockstep.cutover.flip;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A zone's change with the place where it is made. */
public record Step(Zone zone, DnsPlan plan) {

    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    public Outcome apply() {
        Outcome outcome = zone.provider().apply(plan);
        log(outcome);
        return outcome;
    }

    private void log(Outcome outcome) {
        LOG.atInfo()
                .addKeyValue("zone", plan.zone())
                .addKeyValue("outcome", outcome.getClass().getSimpleName())
                .log(outcome.message());
    }

    /** As {@link DnsProvider#share}. */
    public Outcome share(int percent) {
        Outcome outcome = zone.provider().share(plan, percent);
        log(outcome);
        return outcome;
    }

    /** As {@link DnsProvider#tryOut}. */
    public Outcome tryOut() {
        return zone.provider().tryOut(plan);
    }

    public ReadBack readBack(Duration deadline) {
        return zone.provider().readBack(plan, deadline);
    }

    public Step inverse() {
        return new Step(zone, plan.inverse());
    }
}
