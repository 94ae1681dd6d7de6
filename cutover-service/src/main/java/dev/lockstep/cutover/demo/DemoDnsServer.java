package dev.lockstep.cutover.demo;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;

/** A request's bytes to an answer's: queries (RFC 1034 section 4.3.2) and updates (RFC 2136 section 3). Updates go one after the other. */
final class DemoDnsServer {

    private static final Logger LOG = LoggerFactory.getLogger(DemoDnsServer.class);
    private static final int PLAIN_UDP_BYTES = 512;
    private static final int OFFERED_UDP_BYTES = 1232;

    enum Transport {
        UDP,
        TCP
    }

    private volatile DemoDnsZone zone;
    private final DemoDnsKey key;

    DemoDnsServer(DemoDnsZone zone, DemoDnsKey key) {
        this.zone = zone;
        this.key = key;
    }

    long serial() {
        return zone.serial();
    }

    /** No answer to what is none of a client's requests. */
    byte @Nullable [] answer(byte[] bytes, Transport transport) {
        Message request;
        try {
            request = new Message(bytes);
        } catch (IOException e) {
            return formatError(bytes);
        }
        if (request.getHeader().getFlag(Flags.QR)) return null;
        Message answer = reply(request);
        TSIGRecord signature = request.getTSIG();
        if (signature != null) {
            int error = key.verify(request, bytes);
            if (error != Rcode.NOERROR) return DemoDnsKey.complain(answer, signature, error);
        }
        respond(request, answer, signature != null);
        return signature == null ? fit(request, answer, transport) : key.sign(answer, signature);
    }

    private void respond(Message request, Message answer, boolean signed) {
        switch (request.getHeader().getOpcode()) {
            case Opcode.QUERY -> query(request, answer);
            case Opcode.UPDATE -> answer.getHeader().setRcode(signed ? update(request) : Rcode.REFUSED);
            default -> answer.getHeader().setRcode(Rcode.NOTIMP);
        }
    }

    private void query(Message request, Message answer) {
        Record question = request.getQuestion();
        OPTRecord edns = request.getOPT();
        if (edns != null) answer.addRecord(new OPTRecord(OFFERED_UDP_BYTES, 0, 0), Section.ADDITIONAL);
        if (request.getHeader().getCount(Section.QUESTION) != 1 || question == null)
            answer.getHeader().setRcode(Rcode.FORMERR);
        else if (question.getDClass() != DClass.IN || !question.getName().subdomain(zone.name()))
            answer.getHeader().setRcode(Rcode.REFUSED);
        else zone.answer(question, answer);
    }

    /** All or nothing: the next zone replaces this one in one write, or not at all. */
    private synchronized int update(Message request) {
        try {
            DemoDnsZone next = DemoDnsUpdate.apply(zone, request);
            LOG.atInfo()
                    .addKeyValue("zone", zone.name())
                    .addKeyValue("serial", next.serial())
                    .log(next == zone ? "update left the zone as it was" : "zone updated");
            zone = next;
            return Rcode.NOERROR;
        } catch (DemoDnsUpdate.Rejected e) {
            return e.rcode();
        }
    }

    private static Message reply(Message request) {
        Message answer = new Message(request.getHeader().getID());
        Header header = answer.getHeader();
        header.setOpcode(request.getHeader().getOpcode());
        header.setFlag(Flags.QR);
        if (request.getHeader().getFlag(Flags.RD)) header.setFlag(Flags.RD);
        for (Record question : request.getSection(Section.QUESTION)) answer.addRecord(question, Section.QUESTION);
        return answer;
    }

    private static byte[] fit(Message request, Message answer, Transport transport) {
        OPTRecord edns = request.getOPT();
        int size = edns == null ? PLAIN_UDP_BYTES : Math.max(PLAIN_UDP_BYTES, edns.getPayloadSize());
        return answer.toWire(transport == Transport.TCP ? Message.MAXLENGTH : size);
    }

    private static byte @Nullable [] formatError(byte[] bytes) {
        if (bytes.length < Header.LENGTH) return null;
        Message answer = new Message(((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff));
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(Rcode.FORMERR);
        return answer.toWire();
    }
}
