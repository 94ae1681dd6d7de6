package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.SoakRules.Then;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names whose users only read, which move to the target before the cutover, while it follows the source.
 *
 * @param name for people
 * @param dns the zones that move them, in the order in which they are changed
 * @param shares how many percent of the names' answers move first, one step after another; none: all at once
 * @param hold how long all must be well after each step before the next, or the next wave
 * @param check an operator's own, run meanwhile; none: nothing is run
 * @param onFailure what becomes of the wave if it is not
 */
public record WaveRules(
        @JsonProperty(required = true) String name,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @JsonProperty(required = true)
        List<DnsRules> dns,

        List<Integer> shares,
        Duration hold,
        @Nullable CheckRules check,
        OnFailure onFailure) {

    public enum OnFailure {
        /** It stays where it is, and no further wave moves. */
        STOP,
        /** It goes back to the source. */
        BACK
    }

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null
    public WaveRules {
        dns = List.copyOf(dns);
        shares = shares == null ? List.of() : List.copyOf(shares);
        hold = hold == null ? Duration.ofMinutes(5) : hold;
        onFailure = onFailure == null ? OnFailure.STOP : onFailure;
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}"))
            throw new IllegalArgumentException(
                    "waves[].name: letters, digits, dots, dashes and underscores, not '" + name + "'");
        if (dns.isEmpty()) throw new IllegalArgumentException("waves[].dns: a zone at least, wave " + name);
        refuseUnlessRising(shares);
        if (!shares.isEmpty()) dns.forEach(WaveRules::refuseUnlessWeighted);
        if (hold.isNegative()) throw new IllegalArgumentException("waves[].hold: 0s or more");
        if (check != null && check.then() == Then.ROLLBACK)
            throw new IllegalArgumentException("waves[].check.then: what becomes of a wave, waves[].onFailure says");
    }

    private static void refuseUnlessRising(List<Integer> shares) {
        int last = 0;
        for (int share : shares) {
            if (share <= last || share > 99)
                throw new IllegalArgumentException(
                        "waves[].shares: percents from 1 to 99, each more than the one before, not " + shares);
            last = share;
        }
    }

    private static void refuseUnlessWeighted(DnsRules zone) {
        if (zone.primary() != null)
            throw new IllegalArgumentException("waves[].shares: RFC 2136 updates know no weights; zone " + zone.zone()
                    + " needs a dns.command that sets them");
        for (RecordRules record : zone.records()) {
            String key = record.name() + " " + record.type();
            if (record.from().isEmpty() || record.to().isEmpty())
                throw new IllegalArgumentException(
                        "waves[].shares: " + key + " needs 'from' and 'to', as answers name the one or the other");
            if (record.ttl() != null)
                throw new IllegalArgumentException(
                        "waves[].shares: " + key + " has one TTL for both while it is shared; leave out 'ttl'");
        }
    }

    /**
     * Each record set moves once, with one wave or with the traffic.
     *
     * @param dns the zones that move the traffic
     */
    static void refuseWhatMovesTwice(List<DnsRules> dns, List<WaveRules> waves) {
        Set<String> names = new HashSet<>();
        Set<String> sets = recordSets(dns);
        for (WaveRules wave : waves) {
            if (!names.add(wave.name()))
                throw new IllegalArgumentException("waves: " + wave.name() + " stands there twice");
            Migration.refuseZonesTwice(wave.dns());
            for (String set : recordSets(wave.dns()))
                if (!sets.add(set))
                    throw new IllegalArgumentException("waves: " + set + " of wave " + wave.name()
                            + " moves with another wave or with dns already; leave it out of one");
        }
    }

    private static Set<String> recordSets(List<DnsRules> zones) {
        return zones.stream()
                .flatMap(zone -> zone.records().stream())
                .map(record -> Migration.canonical(record.name()) + " " + record.type())
                .collect(Collectors.toCollection(HashSet::new));
    }
}
