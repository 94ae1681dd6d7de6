package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** A record rule, checked as far as that goes without looking at the zone. */
record Wanted(
        String name,
        RecordType type,
        List<String> from,
        List<String> to,
        @Nullable Long ttl) {

    /**
     * @throws UnsafePlanException if a rule, or several together, would break the zone
     */
    static List<Wanted> of(DnsRules rules) {
        List<Wanted> all = parse(rules);
        all.forEach(wanted -> refuseEmptied(wanted, all));
        return all;
    }

    /**
     * The way back. On it alone a name may be left with nothing: one that was new on the way there.
     *
     * @throws UnsafePlanException if a rule, or several together, would break the zone on either way
     */
    static List<Wanted> back(DnsRules rules) {
        of(rules);
        return parse(rules.reversed());
    }

    private static List<Wanted> parse(DnsRules rules) {
        Name zone = Spelling.parse(rules.zone());
        List<Wanted> all = rules.records().stream().map(rule -> of(zone, rule)).toList();
        if (all.isEmpty())
            throw new UnsafePlanException("dns.records: names no record set; add those that lead to the database");
        refuseTwice(all);
        all.forEach(wanted -> refuseBeside(wanted, all));
        return all;
    }

    /** Whether the server shows what it is to be, and that is not what it was. */
    boolean isDone(Observed.View.Seen seen) {
        return seen.find(name, type)
                .filter(now -> now.hasValues(to) && !now.hasValues(from))
                .isPresent();
    }

    String key() {
        return name + " " + type;
    }

    private static Wanted of(Name zone, RecordRules rule) {
        Name name = Spelling.parse(rule.name());
        if (!name.subdomain(zone))
            throw new UnsafePlanException("dns.records: " + rule.name() + " lies outside the zone " + zone
                    + "; names stand here in full, such as db." + zone);
        RecordType type = RecordType.of(rule.type());
        if (type == RecordType.CNAME && name.equals(zone))
            throw new UnsafePlanException(
                    "dns.records: " + name + " CNAME would stand beside the zone's SOA and NS; use A or AAAA");
        String owner = Spelling.name(rule.name());
        Wanted wanted = new Wanted(
                owner,
                type,
                Spelling.values(owner, type, rule.from()),
                Spelling.values(owner, type, rule.to()),
                rule.ttl());
        if (type == RecordType.CNAME && (wanted.from.size() > 1 || wanted.to.size() > 1))
            throw new UnsafePlanException(wanted.key() + ": a CNAME has one value");
        return wanted;
    }

    private static void refuseTwice(List<Wanted> all) {
        Set<String> keys = new HashSet<>();
        for (Wanted wanted : all)
            if (!keys.add(wanted.key()))
                throw new UnsafePlanException(
                        "dns.records: " + wanted.key() + " stands there twice; put its values in one");
    }

    private static void refuseEmptied(Wanted wanted, List<Wanted> all) {
        if (wanted.left(all).isEmpty())
            throw new UnsafePlanException(
                    wanted.name + ": nothing would be left of it; give at least one record set a 'to'");
    }

    private static void refuseBeside(Wanted wanted, List<Wanted> all) {
        List<Wanted> there = wanted.left(all);
        if (there.size() > 1 && there.stream().anyMatch(other -> other.type == RecordType.CNAME))
            throw new UnsafePlanException(
                    wanted.name + ": a CNAME cannot stand beside other data (RFC 1034 section 3.6.2)");
    }

    /** What stands at its name afterwards. */
    private List<Wanted> left(List<Wanted> all) {
        return all.stream()
                .filter(other -> other.name.equals(name) && !other.to.isEmpty())
                .toList();
    }
}
