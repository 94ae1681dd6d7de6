package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Asks one DNS server for the A record of one name (RFC 1035). Aliases are followed as far as the answer itself does. */
public final class DnsResolver implements Resolver {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SimpleResolver server;
    private final Record question;

    /**
     * @param name absolute or not, it is taken from the root
     */
    public DnsResolver(String name, String host, int port) {
        server = new SimpleResolver(new InetSocketAddress(host, port));
        server.setTimeout(TIMEOUT);
        question = Record.newRecord(Name.fromConstantString(name.endsWith(".") ? name : name + "."), Type.A, DClass.IN);
    }

    @Override
    public Answer resolve() throws IOException {
        Message answer = server.send(Message.newQuery(question));
        if (answer.getRcode() != Rcode.NOERROR)
            throw new IOException(question.getName() + ": the server answers " + Rcode.string(answer.getRcode()));
        List<Record> records = answer.getSection(Section.ANSWER);
        String address = records.stream()
                .filter(ARecord.class::isInstance)
                .map(r -> ((ARecord) r).getAddress().getHostAddress())
                .findFirst()
                .orElseThrow(() -> new IOException(question.getName() + ": the answer holds no A record"));
        // An alias may not be followed for longer than any link of the chain lives.
        long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(0);
        return new Answer(address, Duration.ofSeconds(ttl));
    }
}
