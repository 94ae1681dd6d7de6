package dev.lockstep.cutover.flip;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/** One spelling for each name and value, so that comparing text compares data. Every name is a whole one, never relative. */
final class Spelling {

    private Spelling() {}

    static Name parse(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new UnsafePlanException("dns: '" + name + "' is not a domain name: " + e.getMessage(), e);
        }
    }

    static String name(String name) {
        return parse(name).canonicalize().toString();
    }

    static String value(String owner, RecordType type, String value) {
        return text(record(owner, type, 0, value));
    }

    static List<String> values(String owner, RecordType type, List<String> values) {
        return new RecordSet(owner, type, 0, values).values();
    }

    static Record record(String owner, RecordType type, long ttl, String value) {
        try {
            return Record.fromString(parse(owner), type.code(), DClass.IN, ttl, value, Name.root);
        } catch (IOException e) {
            throw new UnsafePlanException(owner + " " + type + ": '" + value + "' is no value of this type", e);
        }
    }

    /** A record's data in its one spelling. */
    static String text(Record record) {
        return record.rdataToString().toLowerCase(Locale.ROOT);
    }
}
