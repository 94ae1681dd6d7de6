package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.flip.DnsPlan;
import dev.lockstep.cutover.flip.Observed;
import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.cutover.flip.Outcome;
import dev.lockstep.cutover.flip.UnsafePlanException;
import dev.lockstep.cutover.flip.Zone;
import dev.lockstep.schemas.migration.Migration.DnsAtomicity;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.util.ArrayList;
import java.util.List;

/**
 * A zone's plan as people are shown it.
 *
 * @param by what changes the zone
 * @param changes a line a record set, under a head line
 * @param steps what is sent, in its order
 * @param readBack the servers that must show it
 * @param unsafe why it is refused; none: it is safe
 */
record PlanView(
        String zone,
        String by,
        DnsAtomicity atomicity,
        List<String> changes,
        List<String> steps,
        List<String> readBack,
        List<String> unsafe) {

    static PlanView of(Zone zone) {
        Observed observed = zone.provider().observe();
        List<String> servers = observed.views().stream()
                .filter(View.Seen.class::isInstance)
                .map(View::server)
                .toList();
        DnsRules rules = zone.rules();
        DnsAtomicity atomicity = zone.provider().atomicity();
        try {
            DnsPlan plan = DnsPlan.flip(rules, observed);
            Outcome tried = zone.provider().tryOut(plan);
            List<String> unsafe = tried.isTaken() ? List.of() : List.of(tried.message());
            return new PlanView(zone.name(), by(rules), atomicity, plan.lines(), plan.steps(), servers, unsafe);
        } catch (UnsafePlanException e) {
            List<String> unsafe = List.of(String.valueOf(e.getMessage()));
            return new PlanView(zone.name(), by(rules), atomicity, List.of(), List.of(), servers, unsafe);
        }
    }

    /** The rules alone are. */
    static PlanView unsafe(DnsRules rules, String why) {
        return new PlanView(rules.zone(), by(rules), rules.atomicity(), List.of(), List.of(), List.of(), List.of(why));
    }

    boolean safe() {
        return unsafe.isEmpty();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (changes.isEmpty()) lines.add("zone " + zone);
        lines.addAll(changes);
        lines.add("  by " + by + ": " + means(atomicity));
        steps.forEach(step -> lines.add("  " + step));
        if (!readBack.isEmpty()) lines.add("  reads back from " + String.join(", ", readBack));
        unsafe.forEach(why -> lines.add("  UNSAFE: " + why));
        return lines;
    }

    private static String by(DnsRules rules) {
        if (rules.primary() == null) return "the command " + String.join(" ", rules.command());
        return "an update to " + rules.primary()
                + (rules.key() == null
                        ? ", not signed"
                        : ", signed with key " + rules.key().name());
    }

    private static String means(DnsAtomicity atomicity) {
        return switch (atomicity) {
            case ZONE_COMPARE_AND_SWAP -> "all or nothing, and nothing if any record set is not as required";
            case ZONE_BATCH -> "all or nothing, but a writer in between would be overwritten";
            case RECORD_SET -> "one record set after another; clients may see a mixture, and a failure may leave one";
        };
    }
}
