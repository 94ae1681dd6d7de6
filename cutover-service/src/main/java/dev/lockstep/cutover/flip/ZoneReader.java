package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Observed.View;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads the record sets of some rules at one server: over TCP, not recursive, believing only answers with authority. All questions go in
 * one round trip, the SOA's last.
 */
final class ZoneReader {

    /** What cannot stand beside a CNAME and may well be there; a name's A, AAAA and CNAME are always asked for. */
    private static final List<Integer> BESIDE_CNAME = List.of(
            Type.NS,
            Type.MX,
            Type.TXT,
            Type.SRV,
            Type.CAA,
            Type.PTR,
            Type.SVCB,
            Type.HTTPS,
            Type.NAPTR,
            Type.TLSA,
            Type.SSHFP);

    private final Name zone;
    private final SortedMap<String, List<Integer>> questions = new TreeMap<>();
    private final List<Wanted> wanted;
    private final Duration timeout;

    ZoneReader(Name zone, List<Wanted> wanted, Duration timeout) {
        this.zone = zone;
        this.wanted = wanted;
        this.timeout = timeout;
        for (Wanted want : wanted) {
            List<Integer> types = questions.computeIfAbsent(
                    want.name(), name -> new ArrayList<>(List.of(Type.A, Type.AAAA, Type.CNAME)));
            if (want.type() == RecordType.CNAME) types.addAll(BESIDE_CNAME);
        }
    }

    View read(ServerAddress server) {
        try (TcpExchange exchange = TcpExchange.open(server, timeout)) {
            return read(server, exchange);
        } catch (Untrusted e) {
            return new View.Unseen(server.toString(), "dns server " + server + " " + e.getMessage());
        } catch (IOException e) {
            return new View.Unseen(
                    server.toString(),
                    "dns server " + server + " does not answer over TCP: " + e.getMessage()
                            + " (is it up, and does a firewall let TCP through?)");
        }
    }

    private View.Seen read(ServerAddress server, TcpExchange exchange) throws IOException {
        List<Message> asked = new ArrayList<>();
        questions.forEach((name, types) -> types.forEach(type -> asked.add(question(Spelling.parse(name), type))));
        asked.add(question(zone, Type.SOA));
        Map<Integer, Message> answers = exchange(exchange, asked);

        SOARecord soa = soa(answer(asked.get(asked.size() - 1), answers));
        Map<String, List<Record>> found = new TreeMap<>();
        for (Message question : asked.subList(0, asked.size() - 1)) {
            Record q = question.getQuestion();
            List<Record> records = answer(question, answers).getSection(Section.ANSWER).stream()
                    .filter(r -> r.getType() == q.getType() && r.getName().equals(q.getName()))
                    .toList();
            if (!records.isEmpty())
                found.put(Spelling.name(q.getName().toString()) + " " + Type.string(q.getType()), records);
        }
        long absentTtl = Math.min(soa.getTTL(), soa.getMinimum());
        List<RecordSet> sets = wanted.stream()
                .map(w -> set(w, found.getOrDefault(w.key(), List.of()), absentTtl))
                .toList();
        List<String> known = wanted.stream().map(Wanted::key).toList();
        List<String> others =
                found.keySet().stream().filter(key -> !known.contains(key)).toList();
        return new View.Seen(server.toString(), soa.getSerial(), sets, others);
    }

    private static Map<Integer, Message> exchange(TcpExchange exchange, List<Message> asked) throws IOException {
        for (int i = 0; i < asked.size(); i++)
            asked.get(i).getHeader().setID(i + 1); // TCP: ids need not be hard to guess
        exchange.send(asked.stream().map(Message::toWire).toList());
        Map<Integer, Message> answers = new HashMap<>();
        while (answers.size() < asked.size()) {
            Message answer = new Message(exchange.receive());
            answers.put(answer.getHeader().getID(), answer);
        }
        return answers;
    }

    private static Message question(Name name, int type) {
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        question.getHeader().unsetFlag(Flags.RD);
        return question;
    }

    private Message answer(Message question, Map<Integer, Message> answers) throws Untrusted {
        Message answer = answers.get(question.getHeader().getID());
        if (answer == null) throw new Untrusted("answers what it was not asked");
        int rcode = answer.getHeader().getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN)
            throw new Untrusted("says " + Rcode.string(rcode) + " for zone " + zone
                    + "; is it one of its servers, and may this host ask it (BIND: allow-query)?");
        if (!answer.getHeader().getFlag(Flags.AA))
            throw new Untrusted(
                    "answers without authority for " + question.getQuestion().getName()
                            + "; name the zone's own servers in dns.servers, and the zone that holds the name");
        return answer;
    }

    private SOARecord soa(Message answer) throws Untrusted {
        return answer.getSection(Section.ANSWER).stream()
                .filter(r -> r instanceof SOARecord && r.getName().equals(zone))
                .map(SOARecord.class::cast)
                .findFirst()
                .orElseThrow(() -> new Untrusted("has no SOA for " + zone + "; is dns.zone the zone's own name?"));
    }

    private static RecordSet set(Wanted want, List<Record> records, long absentTtl) {
        long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(absentTtl);
        return new RecordSet(
                want.name(),
                want.type(),
                ttl,
                records.stream().map(Spelling::text).toList());
    }

    /** An answer that does not count. */
    private static final class Untrusted extends IOException {

        private static final long serialVersionUID = 1;

        Untrusted(String message) {
            super(message);
        }
    }
}
