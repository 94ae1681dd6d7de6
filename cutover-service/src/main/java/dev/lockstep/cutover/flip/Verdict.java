package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Signer.Answer;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIGRecord;

/** What a server's answer to an UPDATE means (RFC 2136 section 2.2, RFC 8945 section 5), and what mends it. */
final class Verdict {

    private final String zone;
    private final ServerAddress primary;
    private final String key;

    Verdict(String zone, ServerAddress primary, String key) {
        this.zone = zone;
        this.primary = primary;
        this.key = key;
    }

    Outcome of(Answer answer) {
        String says = "dns server " + primary + " answered " + Rcode.string(answer.rcode());
        return switch (answer.rcode()) {
            case Rcode.NOERROR -> new Outcome.Accepted(says + (answer.proven() ? ", signed" : ""));
            case Rcode.NXDOMAIN, Rcode.YXDOMAIN, Rcode.YXRRSET, Rcode.NXRRSET ->
                new Outcome.Conflict(
                        says
                                + ": a record set is not as the plan saw it (another writer, or a wildcard); observe and plan again");
            case Rcode.NOTAUTH -> new Outcome.Refused(says + notAuth(answer));
            case Rcode.REFUSED ->
                new Outcome.Refused(says + ": key " + key + " may not update zone " + zone
                        + " (BIND: allow-update or update-policy in the zone on the primary), or the zone is frozen (rndc thaw);"
                        + " PowerDNS says the same of a key, a secret or a clock that is wrong");
            case Rcode.NOTIMP ->
                new Outcome.Refused(says + ": it takes no dynamic updates; is dns.primary the primary?");
            case Rcode.NOTZONE -> new Outcome.Refused(says + ": a name lies outside zone " + zone);
            default -> new Outcome.Refused(says + ": nothing was changed; its log says why");
        };
    }

    private String notAuth(Answer answer) {
        return switch (answer.signatureError()) {
            case Rcode.BADKEY ->
                ", BADKEY: it knows no key " + key + " of this algorithm; compare dns.key.name and dns.key.algorithm"
                        + " with the server's key statement";
            case Rcode.BADSIG -> ", BADSIG: it has another secret for key " + key + "; correct dns.key.secret";
            case Rcode.BADTIME ->
                ", BADTIME: for key " + key + " its clock and ours are too far apart" + serverTime(answer.message())
                        + "; synchronise both (NTP)";
            case Rcode.NOERROR ->
                ": it is not the primary of zone " + zone
                        + ", or wants updates signed; correct dns.primary, dns.zone or dns.key";
            default -> ", " + Rcode.TSIGstring(answer.signatureError()) + " for key " + key;
        };
    }

    /** BADTIME brings the server's time as 48 bits of seconds (RFC 8945 section 5.2.3). */
    private static String serverTime(Message message) {
        TSIGRecord signature = message.getTSIG();
        byte[] other = signature == null ? null : signature.getOther();
        if (other == null || other.length != 6) return "";
        ByteBuffer buffer = ByteBuffer.wrap(other);
        long seconds = ((long) Short.toUnsignedInt(buffer.getShort()) << 32) | Integer.toUnsignedLong(buffer.getInt());
        return " (its clock: " + Instant.ofEpochSecond(seconds) + ")";
    }
}
