package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Signer.Answer;
import dev.lockstep.schemas.migration.Migration.DnsAtomicity;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/**
 * Any server that takes dynamic updates (RFC 2136) over TCP, signed with TSIG (RFC 8945): BIND, Knot, PowerDNS, Windows' by key.
 * Compare-and-swap for the whole zone. Without a key in the rules the answer proves nothing, and only reading decides.
 */
public final class Rfc2136Provider implements DnsProvider {

    /**
     * @param exchange for one connection with all that is asked on it
     * @param settle for reading, when the answer to an update was lost or cannot be believed
     */
    record Timeouts(Duration exchange, Duration settle) {
        static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }

    private final Name zone;
    private final ServerAddress primary;
    private final Signer signer;
    private final Timeouts timeouts;
    private final Watch watch;

    /**
     * @throws UnsafePlanException if the rules alone are unsafe
     * @throws dev.lockstep.schemas.migration.ConfigurationException if a server or the key is none
     */
    public Rfc2136Provider(DnsRules rules, Clock clock) {
        this(rules, clock, Timeouts.DEFAULT, Questions.ofThisHost(Timeouts.DEFAULT.exchange()));
    }

    Rfc2136Provider(DnsRules rules, Clock clock, Timeouts timeouts, Questions questions) {
        this.zone = Spelling.parse(rules.zone()).canonicalize();
        this.primary = ServerAddress.parse(String.valueOf(rules.primary()));
        this.signer = Signer.of(rules.key(), clock);
        this.timeouts = timeouts;
        this.watch = Watch.of(rules, primary, questions, timeouts.exchange(), clock);
    }

    @Override
    public DnsAtomicity atomicity() {
        return DnsAtomicity.ZONE_COMPARE_AND_SWAP;
    }

    @Override
    public Observed observe() {
        return watch.observe(zone.toString());
    }

    @Override
    public Outcome apply(DnsPlan plan) {
        plan.requireZone(zone.toString());
        return plan.isDone() ? new Outcome.AlreadyDone("zone " + zone + " is as planned; nothing to send") : send(plan);
    }

    @Override
    public ReadBack readBack(DnsPlan plan, Duration deadline) {
        return watch.await(plan, deadline);
    }

    private Outcome send(DnsPlan plan) {
        try (TcpExchange exchange = TcpExchange.open(primary, timeouts.exchange())) {
            return settle(plan, exchange);
        } catch (IOException e) {
            return new Outcome.Unreachable("dns server " + primary + " cannot be reached over TCP: " + e.getMessage()
                    + " (is it up, and does a firewall let TCP through?); nothing was sent");
        }
    }

    private Outcome settle(DnsPlan plan, TcpExchange exchange) {
        Message request = Updates.of(plan);
        Answer answer;
        try {
            exchange.send(List.of(signer.sign(request)));
            answer = signer.judge(request, exchange.receive());
        } catch (IOException e) {
            return byReading(plan, "the answer to the update was lost (" + e.getMessage() + ")");
        }
        Outcome verdict = new Verdict(zone.toString(), primary, signer.keyName()).of(answer);
        if (verdict instanceof Outcome.Accepted)
            return answer.proven() ? verdict : byReading(plan, "its answer NOERROR carries no valid signature");
        return isShown(plan)
                ? new Outcome.AlreadyDone("dns server " + primary + " shows the planned state already")
                : verdict;
    }

    private Outcome byReading(DnsPlan plan, String why) {
        return watch.awaitPrimary(plan, timeouts.settle())
                ? new Outcome.Accepted("dns server " + primary + " shows the change; " + why)
                : new Outcome.Unsettled("dns server " + primary + " has not shown the change in "
                        + timeouts.settle().toMillis() + " ms, and " + why + "; read on before anything else");
    }

    /** A signed answer may come from a second attempt, and the RFC lets unsigned refusals be forged: the zone itself has the last word. */
    private boolean isShown(DnsPlan plan) {
        return watch.awaitPrimary(plan, Duration.ZERO);
    }
}
