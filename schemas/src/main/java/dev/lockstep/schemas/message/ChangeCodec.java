package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.ChangeEventMessage;
import dev.lockstep.schemas.avro.RowKeyMessage;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Changes and keys to and from the bytes that Avro makes of them, without its objects: a fifth of its time, and every row passes here
 * several times. Messages of another writer's schema, and values not known by hand, go through Avro itself.
 */
final class ChangeCodec {

    private static final String CHANGE_FORM =
            "ChangeEventMessage(string,enum,null|Value[],null|Value[],Position(long,long,long),null|string)";
    private static final String KEY_FORM = "RowKeyMessage(string,Value[])";

    private static final Codec<ChangeEventMessage> CHANGE = new Codec<>(ChangeEventMessage.class);
    private static final Codec<RowKeyMessage> KEY = new Codec<>(RowKeyMessage.class);
    private static final byte[] CHANGE_HEADER = header(
            CHANGE.encode(Messages.toAvro(ChangeEvent.commit(Position.SNAPSHOT, null))),
            ChangeEventMessage.getClassSchema(),
            CHANGE_FORM);
    private static final byte[] KEY_HEADER =
            header(KEY.encode(new RowKeyMessage("", List.of())), RowKeyMessage.getClassSchema(), KEY_FORM);

    /** By their place in Avro's enum, and that place by ours. */
    private static final Operation[] OPERATIONS = operations();

    private static final int[] PLACES = places();
    private static final ThreadLocal<WireWriter> WRITERS = ThreadLocal.withInitial(WireWriter::new);

    private ChangeCodec() {}

    /** Marker and fingerprint; empty where the message has fields that are not known here. */
    private static byte[] header(byte[] sample, Schema schema, String form) {
        return Arrays.copyOf(sample, WireForm.isOf(schema, form) ? 10 : 0);
    }

    private static Operation[] operations() {
        return Arrays.stream(dev.lockstep.schemas.avro.Operation.values())
                .map(o -> Operation.valueOf(o.name()))
                .toArray(Operation[]::new);
    }

    private static int[] places() {
        return Arrays.stream(Operation.values())
                .mapToInt(o ->
                        dev.lockstep.schemas.avro.Operation.valueOf(o.name()).ordinal())
                .toArray();
    }

    static byte[] encode(ChangeEvent change) {
        if (CHANGE_HEADER.length == 0) return CHANGE.encode(Messages.toAvro(change));
        try {
            WireWriter out = WRITERS.get().start(CHANGE_HEADER);
            out.text(change.table());
            out.varint(PLACES[change.operation().ordinal()]);
            out.optionalValues(values(change.before()));
            out.optionalValues(values(change.after()));
            out.varint(change.position().major());
            out.varint(change.position().minor());
            out.varint(change.position().index());
            out.optionalText(change.transaction());
            return out.end();
        } catch (WireForm.Unknown e) {
            return CHANGE.encode(Messages.toAvro(change));
        }
    }

    static ChangeEvent decodeChange(byte[] bytes) {
        if (!startsWith(bytes, CHANGE_HEADER)) return Messages.fromAvro(CHANGE.decode(bytes));
        try {
            WireReader in = new WireReader(bytes, CHANGE_HEADER.length);
            ChangeEvent change = new ChangeEvent(
                    in.text(),
                    OPERATIONS[(int) in.varint()],
                    row(in.optionalValues()),
                    row(in.optionalValues()),
                    new Position(in.varint(), in.varint(), in.varint()),
                    in.optionalText());
            if (!in.isAtEnd()) throw new IllegalArgumentException("a change with bytes behind its end");
            return change;
        } catch (WireForm.Unknown e) {
            return Messages.fromAvro(CHANGE.decode(bytes));
        }
    }

    static ChangeHead head(byte[] bytes) {
        if (!startsWith(bytes, CHANGE_HEADER)) {
            ChangeEvent change = decodeChange(bytes);
            return new ChangeHead(change.table(), change.operation());
        }
        WireReader in = new WireReader(bytes, CHANGE_HEADER.length);
        return new ChangeHead(in.text(), OPERATIONS[(int) in.varint()]);
    }

    static byte[] encode(RowKey key) {
        if (KEY_HEADER.length > 0) {
            try {
                WireWriter out = WRITERS.get().start(KEY_HEADER);
                out.text(key.table());
                out.values(key.values());
                return out.end();
            } catch (WireForm.Unknown e) {
                // below
            }
        }
        return KEY.encode(new RowKeyMessage(key.table(), Values.toAvro(key.values())));
    }

    static RowKey decodeKey(byte[] bytes) {
        if (startsWith(bytes, KEY_HEADER)) {
            try {
                WireReader in = new WireReader(bytes, KEY_HEADER.length);
                return new RowKey(in.text(), in.values());
            } catch (WireForm.Unknown e) {
                // below
            }
        }
        RowKeyMessage message = KEY.decode(bytes);
        return new RowKey(message.getTable(), Values.fromAvro(message.getValues()));
    }

    private static boolean startsWith(byte[] bytes, byte[] header) {
        return header.length > 0
                && bytes.length > header.length
                && Arrays.equals(bytes, 0, header.length, header, 0, header.length);
    }

    private static @Nullable List<Value> values(@Nullable Row row) {
        return row == null ? null : row.values();
    }

    private static @Nullable Row row(@Nullable List<Value> values) {
        return values == null ? null : new Row(values);
    }
}
