package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.DnsPlan.Change;
import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.util.List;
import java.util.function.Function;

/** Rules and an observation to a plan: pure. */
final class Planner {

    private final List<Wanted> wanted;
    private final Observed observed;
    private final View.Seen primary;

    Planner(DnsRules rules, Observed observed) {
        this(rules, Wanted.of(rules), observed);
    }

    /**
     * @param wanted one of the rules' two ways
     */
    Planner(DnsRules rules, List<Wanted> wanted, Observed observed) {
        if (!Spelling.name(rules.zone()).equals(observed.zone()))
            throw new IllegalArgumentException("observed " + observed.zone() + ", not " + rules.zone());
        if (!observed.unseen().isEmpty())
            throw new UnsafePlanException(
                    String.join("; ", observed.unseen()) + "; a flip that cannot be read back everywhere is not begun");
        this.wanted = wanted;
        this.observed = observed;
        this.primary = (View.Seen) observed.primary();
    }

    DnsPlan flip() {
        return plan(want -> {
            RecordSet now = current(primary, want);
            return now.hasValues(want.to()) && !now.hasValues(want.from()) ? done(want, now) : change(want, now);
        });
    }

    DnsPlan lowerTtl(long seconds) {
        return plan(want -> {
            RecordSet now = current(primary, want);
            return ttl(now, now.isAbsent() ? now.ttl() : Math.min(now.ttl(), seconds));
        });
    }

    DnsPlan restoreTtl(List<RecordSet> originals) {
        return plan(want -> {
            RecordSet now = current(primary, want);
            return ttl(now, now.isAbsent() ? now.ttl() : lasting(want, now, originals));
        });
    }

    /** After the flip the rule's own TTL, if it has one; else what the name had before anything was done to it. */
    private static long lasting(Wanted want, RecordSet now, List<RecordSet> originals) {
        Long ttl = want.ttl();
        if (ttl != null && now.hasValues(want.to()) && !now.hasValues(want.from())) return ttl;
        return originals.stream()
                .filter(original -> original.key().equals(now.key()) && !original.isAbsent())
                .map(RecordSet::ttl)
                .findFirst()
                .orElse(now.ttl());
    }

    private static Change ttl(RecordSet now, long seconds) {
        RecordSet after = now.withTtl(seconds);
        return new Change(now, after, now.equals(after));
    }

    private DnsPlan plan(Function<Wanted, Change> change) {
        wanted.forEach(this::refuseWhatStandsBeside);
        for (View server : observed.servers()) {
            wanted.forEach(want -> current((View.Seen) server, want));
        }
        return new DnsPlan(
                observed.zone(), primary.serial(), wanted.stream().map(change).toList());
    }

    /** The TTL that it had before is not known any more: the one that it has now is the best guess. */
    private static Change done(Wanted want, RecordSet now) {
        return new Change(new RecordSet(want.name(), want.type(), now.ttl(), want.from()), now, true);
    }

    private static Change change(Wanted want, RecordSet now) {
        if (now.isAbsent() && !want.to().isEmpty() && want.ttl() == null)
            throw new UnsafePlanException(want.key() + ": is new, so it has no TTL to keep; give it a ttl");
        Long ttl = want.ttl();
        long seconds = ttl == null || want.to().isEmpty() ? now.ttl() : ttl;
        RecordSet after = new RecordSet(want.name(), want.type(), seconds, want.to());
        return new Change(now, after, now.equals(after));
    }

    /** The set as the server has it, which must be one of the two that the rules know. */
    private static RecordSet current(View.Seen seen, Wanted want) {
        RecordSet now = seen.find(want.name(), want.type())
                .orElseThrow(() -> new IllegalArgumentException("not observed: " + want.key()));
        if (!now.hasValues(want.from()) && !now.hasValues(want.to()))
            throw new UnsafePlanException(
                    want.key() + " at " + seen.server() + " is " + now.contents() + ", neither 'from' " + want.from()
                            + " nor 'to' " + want.to() + "; correct dns.records, or the zone");
        return now;
    }

    private void refuseWhatStandsBeside(Wanted want) {
        for (String other : primary.others()) {
            if (!other.startsWith(want.name() + " ")) continue;
            throw new UnsafePlanException(other + " is in the zone and not in dns.records: "
                    + (other.matches(".* (A|AAAA|CNAME)")
                            ? "who follows it would be left behind; add it, with 'to' as 'from' if it is to stay"
                            : "a CNAME cannot stand beside it; use A or AAAA, or move it to another name"));
        }
    }
}
