package dev.lockstep.cutover.demo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

/** The server's side of one shared key (RFC 8945 section 5). */
final class DemoDnsKey {

    private final TSIG key;

    DemoDnsKey(String name, String secret) {
        this.key = new TSIG(TSIG.HMAC_SHA256, name.endsWith(".") ? name : name + ".", secret);
    }

    /** NOERROR if the key signed it; BADKEY, BADSIG or BADTIME if not. */
    int verify(Message request, byte[] bytes) {
        return key.verify(request, bytes, null);
    }

    /** The answer on the wire, signed for its request. */
    byte[] sign(Message answer, TSIGRecord request) {
        key.apply(answer, request);
        return answer.toWire();
    }

    /** An answer that says what is wrong with the request's signature, itself unsigned (section 5.3.2). */
    static byte[] complain(Message answer, @Nullable TSIGRecord request, int error) {
        answer.getHeader().setRcode(Rcode.NOTAUTH);
        if (request != null) answer.addRecord(unsigned(request, error), Section.ADDITIONAL);
        return answer.toWire();
    }

    private static TSIGRecord unsigned(TSIGRecord request, int error) {
        Name name = request.getName();
        return new TSIGRecord(
                name,
                request.getDClass(),
                0,
                request.getAlgorithm(),
                request.getTimeSigned(),
                request.getFudge(),
                new byte[0],
                request.getOriginalID(),
                error,
                error == Rcode.BADTIME ? now() : null);
    }

    /** Seconds since the epoch in 48 bits, which BADTIME carries. */
    private static byte[] now() {
        long seconds = Instant.now().getEpochSecond();
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) bytes[i] = (byte) (seconds >>> (40 - 8 * i));
        return bytes;
    }
}
