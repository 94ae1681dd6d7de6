package dev.lockstep.cutover.flip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Single questions over TCP: to this host's resolver, for what may be found anywhere, and to name servers themselves.
 *
 * @param resolvers asked in turn until one answers
 * @param port at which name servers that are found are asked
 */
record Questions(List<ServerAddress> resolvers, int port, Duration timeout) {

    /** This host's resolvers; name servers answer at DNS' own port. */
    static Questions ofThisHost(Duration timeout) {
        List<ServerAddress> resolvers = new ArrayList<>();
        for (InetSocketAddress server : ResolverConfig.getCurrentConfig().servers())
            resolvers.add(new ServerAddress(server.getHostString(), server.getPort()));
        return new Questions(resolvers, 53, timeout);
    }

    ServerAddress at(Name server, String address) {
        return new ServerAddress(address, port, server.toString(true));
    }

    /** The zone that holds a name: the owner of the SOA that comes with any answer (RFC 2308 section 2). */
    Name zoneOf(Name name) throws IOException {
        Message answer = resolve(name, Type.SOA);
        for (int section : List.of(Section.ANSWER, Section.AUTHORITY))
            for (Record record : answer.getSection(section))
                if (record.getType() == Type.SOA && name.subdomain(record.getName())) return record.getName();
        throw new IOException("the resolver names no zone that holds " + name);
    }

    /** By the resolver. */
    List<Name> nameServers(Name zone) throws IOException {
        List<Name> servers = nameServers(resolve(zone, Type.NS), zone);
        if (servers.isEmpty()) throw new IOException("the resolver names no name servers of " + zone);
        return servers;
    }

    /** By the resolver: IPv4, or where there is none IPv6. */
    List<String> addresses(Name host) throws IOException {
        List<String> v4 = addresses(resolve(host, Type.A), Section.ANSWER);
        List<String> found = v4.isEmpty() ? addresses(resolve(host, Type.AAAA), Section.ANSWER) : v4;
        if (found.isEmpty()) throw new IOException("has no address");
        return found;
    }

    /** The same by one server's own word. */
    List<String> addresses(ServerAddress server, Name host) throws IOException {
        List<String> v4 = addresses(ask(server, host, Type.A, false), Section.ANSWER);
        List<String> found = v4.isEmpty() ? addresses(ask(server, host, Type.AAAA, false), Section.ANSWER) : v4;
        if (found.isEmpty()) throw new IOException("has no address in the zone");
        return found;
    }

    /** What the first of the servers that answers at all says of the zone's NS records; it need not have authority for them. */
    Message firstAnswer(List<ServerAddress> servers, Name zone) throws IOException {
        return first(servers, zone, Type.NS, false);
    }

    private Message resolve(Name name, int type) throws IOException {
        return first(resolvers, name, type, true);
    }

    private Message first(List<ServerAddress> servers, Name name, int type, boolean recursive) throws IOException {
        IOException last = new IOException("there is no server to ask for " + name);
        for (ServerAddress server : servers) {
            try {
                return ask(server, name, type, recursive);
            } catch (IOException e) {
                last = new IOException(
                        "dns server " + server + " gives no answer for " + name + ": " + e.getMessage(), e);
            }
        }
        throw last;
    }

    /**
     * @throws IOException if there is no answer, or one that is neither yes nor no
     */
    private Message ask(ServerAddress server, Name name, int type, boolean recursive) throws IOException {
        Message question = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        if (!recursive) question.getHeader().unsetFlag(Flags.RD);
        try (TcpExchange exchange = TcpExchange.open(server, timeout)) {
            exchange.send(List.of(question.toWire()));
            Message answer = new Message(exchange.receive());
            int rcode = answer.getRcode();
            if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN)
                throw new IOException("it says " + Rcode.string(rcode));
            return answer;
        }
    }

    /** In an answer, or in a referral's authority section. */
    static List<Name> nameServers(Message answer, Name zone) {
        List<Name> servers = new ArrayList<>();
        for (int section : List.of(Section.ANSWER, Section.AUTHORITY))
            for (Record record : answer.getSection(section))
                if (record instanceof NSRecord ns && ns.getName().equals(zone))
                    servers.add(ns.getTarget().canonicalize());
        return servers.stream().distinct().toList();
    }

    /** Addresses that came with an answer: IPv4, or where a name has none IPv6. */
    static Map<Name, List<String>> glue(Message answer) {
        Map<Name, List<String>> v4 = new TreeMap<>();
        Map<Name, List<String>> v6 = new TreeMap<>();
        for (Record record : answer.getSection(Section.ADDITIONAL)) {
            Map<Name, List<String>> into = record.getType() == Type.A ? v4 : v6;
            String address = address(record);
            if (!address.isEmpty())
                into.computeIfAbsent(record.getName().canonicalize(), name -> new ArrayList<>())
                        .add(address);
        }
        v6.forEach(v4::putIfAbsent);
        return v4;
    }

    private static List<String> addresses(Message answer, int section) {
        return answer.getSection(section).stream()
                .map(Questions::address)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    private static String address(Record record) {
        if (record instanceof ARecord a) return a.getAddress().getHostAddress();
        if (record instanceof AAAARecord aaaa) return aaaa.getAddress().getHostAddress();
        return "";
    }
}
