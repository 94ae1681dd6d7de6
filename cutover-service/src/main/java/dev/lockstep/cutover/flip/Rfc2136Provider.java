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
import org.xbill.DNS.Rcode;

/**
 * Any server that takes dynamic updates (RFC 2136) over TCP, signed with TSIG (RFC 8945): BIND, Knot, PowerDNS, Windows' by key.
 * Compare-and-swap for the whole zone. An answer to an update that no key proves decides nothing, a refusal no more than NOERROR: only reading
 * does. As servers leave a refusal unsigned whose request they cannot verify (RFC 8945 section 5.3.2), each plan is tried out first.
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

    /** By an update that only requires. Its refusal is true whoever says so: nothing was sent that may land. */
    @Override
    public Outcome tryOut(DnsPlan plan) {
        plan.requireZone(zone.toString());
        Message trial = Updates.trial(plan);
        try (TcpExchange exchange = TcpExchange.open(primary, timeouts.exchange())) {
            exchange.send(List.of(signer.sign(trial)));
            Answer answer = signer.judge(trial, exchange.receive());
            return signer.signs() && answer.rcode() == Rcode.NOERROR && !answer.proven()
                    ? new Outcome.Refused("dns server " + primary
                            + " answered NOERROR without a valid signature of key "
                            + signer.keyName() + ", so nothing that it says can be believed; correct dns.primary, or"
                            + " what stands between")
                    : verdict(answer);
        } catch (IOException e) {
            return unreachable(e);
        }
    }

    @Override
    public Outcome apply(DnsPlan plan) {
        plan.requireZone(zone.toString());
        if (plan.isDone()) return new Outcome.AlreadyDone("zone " + zone + " is as planned; nothing to send");
        Outcome tried = tryOut(plan);
        return tried instanceof Outcome.Accepted ? send(plan) : unlessShown(plan, tried);
    }

    @Override
    public ReadBack readBack(DnsPlan plan, Duration deadline) {
        return watch.await(plan, deadline);
    }

    private Outcome send(DnsPlan plan) {
        try (TcpExchange exchange = TcpExchange.open(primary, timeouts.exchange())) {
            return settle(plan, exchange);
        } catch (IOException e) {
            return unreachable(e);
        }
    }

    private Outcome unreachable(IOException why) {
        return new Outcome.Unreachable("dns server " + primary + " cannot be reached over TCP: " + why.getMessage()
                + " (is it up, and does a firewall let TCP through?); no change was sent");
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
        if (!answer.proven())
            return byReading(plan, "its answer " + Rcode.string(answer.rcode()) + " carries no valid signature");
        Outcome verdict = verdict(answer);
        return verdict instanceof Outcome.Accepted ? verdict : unlessShown(plan, verdict);
    }

    private Outcome verdict(Answer answer) {
        return new Verdict(zone.toString(), primary, signer.keyName()).of(answer);
    }

    private Outcome byReading(DnsPlan plan, String why) {
        return watch.awaitPrimary(plan, timeouts.settle())
                ? new Outcome.Accepted("dns server " + primary + " shows the change; " + why)
                : new Outcome.Unsettled("dns server " + primary + " has not shown the change in "
                        + timeouts.settle().toMillis() + " ms, and " + why + "; read on before anything else");
    }

    /** The plan may have been applied before, by whomever: the zone itself has the last word. */
    private Outcome unlessShown(DnsPlan plan, Outcome refusal) {
        return watch.awaitPrimary(plan, Duration.ZERO)
                ? new Outcome.AlreadyDone("dns server " + primary + " shows the planned state already")
                : refusal;
    }
}
