package dev.lockstep.cutover.flip;

import java.util.Arrays;

/** The types whose record sets a flip may change. */
public enum RecordType {
    A,
    AAAA,
    CNAME;

    /**
     * @throws UnsafePlanException for every other type: SOA and NS carry the zone itself, the rest carries no traffic
     */
    static RecordType of(String text) {
        return Arrays.stream(values())
                .filter(type -> type.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new UnsafePlanException(
                        "dns.records: type " + text + " is not changed by a flip; it changes A, AAAA and CNAME"));
    }

    int code() {
        return org.xbill.DNS.Type.value(name());
    }
}
