package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Clock;
import java.util.List;

/** One zone that moves, with where it can be changed. */
public record Zone(DnsRules rules, DnsProvider provider) {

    /**
     * @throws UnsafePlanException if the rules alone are unsafe
     * @throws dev.lockstep.schemas.migration.ConfigurationException if a server or a key is none
     */
    public static List<Zone> of(List<DnsRules> rules, Clock clock) {
        return rules.stream()
                .map(zone -> new Zone(zone, DnsProvider.of(zone, clock)))
                .toList();
    }

    /** Absolute, with its final dot. */
    public String name() {
        return Spelling.name(rules.zone());
    }

    /**
     * The move there, or back.
     *
     * @throws UnsafePlanException if what the servers show makes it unsafe
     */
    public Step move(boolean back) {
        Observed observed = provider.observe();
        return new Step(this, back ? DnsPlan.flipBack(rules, observed) : DnsPlan.flip(rules, observed));
    }

    /** What every server answers now. */
    public Sample sample() {
        return Sample.of(Wanted.of(rules), provider.observe());
    }

    /** Whether some server shows what the move there, or back, would bring. */
    public boolean isMoving(boolean back) {
        List<Wanted> wanted = back ? Wanted.back(rules) : Wanted.of(rules);
        return provider.observe().views().stream()
                .anyMatch(view ->
                        view instanceof View.Seen seen && wanted.stream().anyMatch(want -> want.isDone(seen)));
    }
}
