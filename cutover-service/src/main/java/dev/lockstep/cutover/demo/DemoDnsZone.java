package dev.lockstep.cutover.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** One version of a zone. Never changes; an update makes the next one. Without wildcards and delegations, which the demo has no use for. */
final class DemoDnsZone {

    private static final int MAX_CNAMES = 8;

    private final Name name;
    private final NavigableMap<Name, SortedMap<Integer, List<Record>>> names;

    DemoDnsZone(Name name, NavigableMap<Name, SortedMap<Integer, List<Record>>> names) {
        this.name = name;
        this.names = names;
    }

    static DemoDnsZone of(String zone, List<String> lines) {
        try {
            Name name = Name.fromString(zone, Name.root);
            Name server = Name.fromString("ns", name);
            NavigableMap<Name, SortedMap<Integer, List<Record>>> names = new TreeMap<>();
            add(
                    names,
                    new SOARecord(
                            name, DClass.IN, 5, server, Name.fromString("hostmaster", name), 1, 3600, 600, 86_400, 5));
            add(names, new NSRecord(name, DClass.IN, 5, server));
            add(names, Record.fromString(server, Type.A, DClass.IN, 5, "127.0.0.1", name));
            try (Master master = new Master(
                    new java.io.ByteArrayInputStream(
                            String.join("\n", lines).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                    name,
                    5)) {
                for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                    if (!record.getName().subdomain(name))
                        throw new IllegalArgumentException("outside " + name + ": " + record);
                    add(names, record);
                }
            }
            return new DemoDnsZone(name, names);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a zone: " + e.getMessage(), e);
        }
    }

    static void add(Map<Name, SortedMap<Integer, List<Record>>> names, Record record) {
        names.computeIfAbsent(record.getName(), n -> new TreeMap<>())
                .computeIfAbsent(record.getType(), t -> new ArrayList<>())
                .add(record);
    }

    Name name() {
        return name;
    }

    long serial() {
        return soa().getSerial();
    }

    SOARecord soa() {
        return (SOARecord) records(name, Type.SOA).get(0);
    }

    List<Record> records(Name owner, int type) {
        return at(owner).getOrDefault(type, List.of());
    }

    SortedMap<Integer, List<Record>> at(Name owner) {
        SortedMap<Integer, List<Record>> sets = names.get(owner);
        return sets == null ? Collections.emptySortedMap() : sets;
    }

    /** A deep enough copy to change and make the next version of. */
    NavigableMap<Name, SortedMap<Integer, List<Record>>> copy() {
        NavigableMap<Name, SortedMap<Integer, List<Record>>> copy = new TreeMap<>();
        names.forEach((owner, sets) -> {
            SortedMap<Integer, List<Record>> into = new TreeMap<>();
            sets.forEach((type, records) -> into.put(type, new ArrayList<>(records)));
            copy.put(owner, into);
        });
        return copy;
    }

    /** Authoritative data, following CNAMEs inside the zone; else the SOA beside NXDOMAIN or no data (RFC 2308 section 2). */
    void answer(Record question, Message answer) {
        answer.getHeader().setFlag(Flags.AA);
        Name owner = question.getName();
        for (int i = 0; i < MAX_CNAMES; i++) {
            List<Record> found = matching(owner, question.getType());
            found.forEach(record -> answer.addRecord(record, Section.ANSWER));
            if (!found.isEmpty()) return;
            List<Record> alias = records(owner, Type.CNAME);
            if (alias.isEmpty()) {
                answer.addRecord(negative(), Section.AUTHORITY);
                if (!exists(owner)) answer.getHeader().setRcode(Rcode.NXDOMAIN);
                return;
            }
            answer.addRecord(alias.get(0), Section.ANSWER);
            owner = ((CNAMERecord) alias.get(0)).getTarget();
            if (!owner.subdomain(name)) return;
        }
    }

    private List<Record> matching(Name owner, int type) {
        if (type != Type.ANY) return records(owner, type);
        return at(owner).values().stream().flatMap(List::stream).toList();
    }

    /** A name without data of its own exists if names below it do (RFC 8020). */
    private boolean exists(Name owner) {
        return names.containsKey(owner) || names.keySet().stream().anyMatch(other -> other.subdomain(owner));
    }

    /** The SOA as negative answers carry it: for as long as its minimum says. */
    private Record negative() {
        SOARecord soa = soa();
        return soa(soa, Math.min(soa.getTTL(), soa.getMinimum()), soa.getSerial());
    }

    static SOARecord soa(SOARecord like, long ttl, long serial) {
        return new SOARecord(
                like.getName(),
                DClass.IN,
                ttl,
                like.getHost(),
                like.getAdmin(),
                serial,
                like.getRefresh(),
                like.getRetry(),
                like.getExpire(),
                like.getMinimum());
    }

    /** Every record as text: two versions with the same lines answer alike. */
    Set<String> lines() {
        return names.values().stream()
                .flatMap(sets -> sets.values().stream())
                .flatMap(List::stream)
                .map(Record::toString)
                .collect(Collectors.toSet());
    }
}
