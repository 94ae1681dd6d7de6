package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.utils.base64;

/** Signs requests and judges answers with one shared key (RFC 8945). Without a key nothing is signed, and no answer is ever proven. */
final class Signer {

    private final @Nullable TSIG key;
    private final String name;

    private Signer(@Nullable TSIG key, String name) {
        this.key = key;
        this.name = name;
    }

    /**
     * @throws ConfigurationException if algorithm, name or secret are none
     */
    static Signer of(@Nullable TsigRules rules, Clock clock) {
        if (rules == null) return new Signer(null, "(none)");
        byte[] secret = base64.fromString(rules.secret().reveal().strip());
        if (secret == null || secret.length == 0)
            throw new ConfigurationException("dns.key.secret " + rules.secret()
                    + ": is not base64; take the 'secret' that tsig-keygen printed, without the quotes");
        Name algorithm = absolute("dns.key.algorithm", rules.algorithm().toLowerCase(Locale.ROOT));
        try {
            SecretKey shared = new SecretKeySpec(secret, "Hmac");
            return new Signer(new TSIG(algorithm, absolute("dns.key.name", rules.name()), shared, clock), rules.name());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "dns.key.algorithm: " + rules.algorithm() + " is not known; hmac-sha256 is what most servers take",
                    e);
        }
    }

    private static Name absolute(String where, String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new ConfigurationException(where + ": '" + text + "' is no name", e);
        }
    }

    boolean signs() {
        return key != null;
    }

    String keyName() {
        return name;
    }

    /** The message on the wire; the message then holds its own signature, which its answer's covers. */
    byte[] sign(Message request) {
        if (key != null) key.apply(request, null);
        return request.toWire();
    }

    /** An answer, and whether the key proves that it is the server's answer to this request. */
    record Answer(Message message, boolean proven) {

        int rcode() {
            return message.getHeader().getRcode();
        }

        /** What the server found wrong with the request's signature: NOERROR, BADSIG, BADKEY, BADTIME … */
        int signatureError() {
            TSIGRecord signature = message.getTSIG();
            return signature == null ? Rcode.NOERROR : signature.getError();
        }
    }

    /**
     * @throws IOException if it is no answer to the request at all
     */
    Answer judge(Message request, byte[] bytes) throws IOException {
        Message answer = new Message(bytes);
        if (answer.getHeader().getID() != request.getHeader().getID()
                || answer.getHeader().getOpcode() != request.getHeader().getOpcode())
            throw new IOException("the answer is to another request");
        boolean proven =
                key != null && key.verify(answer, bytes, request.getTSIG()) == Rcode.NOERROR && answer.isVerified();
        return new Answer(answer, proven);
    }
}
