package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.migration.Migration.DnsAtomicity;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Clock;
import java.time.Duration;

/**
 * A place where a zone's records can be changed. Every implementation guarantees:
 *
 * <ul>
 *   <li>{@link #observe} asks the authoritative servers themselves, never a cache, and changes nothing.
 *   <li>{@link #tryOut} changes nothing either.
 *   <li>{@link #apply} is idempotent: a plan that has been applied is {@link Outcome.AlreadyDone}. It sends once, whatever happens to the
 *       answer, and once that may have changed something believes only an answer whose origin is proven or what it reads at the primary itself.
 *   <li>{@link #readBack} waits for the servers, not for an answer to the update: it is the only proof of a flip.
 *   <li>All end in bounded time; a server's silence or refusal is a value, not an exception.
 * </ul>
 */
public interface DnsProvider {

    /** The provider that the rules ask for. */
    static DnsProvider of(DnsRules rules, Clock clock) {
        return rules.primary() == null ? new CommandProvider(rules, clock) : new Rfc2136Provider(rules, clock);
    }

    /** What {@link #apply} does when the world is not as the plan saw it, or when it fails half-way. */
    DnsAtomicity atomicity();

    Observed observe();

    /** What {@link #apply} would come to now, as far as that can be told beforehand; {@link Outcome.Accepted}: nothing is in its way. */
    Outcome tryOut(DnsPlan plan);

    Outcome apply(DnsPlan plan);

    /**
     * Lets a share of the answers be as after the plan, and the rest as before it, where the provider knows weights. What the servers show is not
     * compared, as each answer is the one or the other.
     *
     * @param percent 0: all as before; 100: all as after
     */
    default Outcome share(DnsPlan plan, int percent) {
        return new Outcome.Refused("updates know no weights (RFC 2136); give the zone a dns.command that does");
    }

    /** Reads all servers until each has shown what the plan wants, or the deadline has passed. */
    ReadBack readBack(DnsPlan plan, Duration deadline);
}
