package dev.lockstep.schemas.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.avro.ChangeEventMessage;
import dev.lockstep.schemas.avro.RowKeyMessage;
import dev.lockstep.schemas.message.ChangeEvent.Operation;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeCodecTest {

    private static final Codec<ChangeEventMessage> CHANGE = new Codec<>(ChangeEventMessage.class);
    private static final Codec<RowKeyMessage> KEY = new Codec<>(RowKeyMessage.class);

    private final Random random = new Random(7);

    @Test
    void writesTheBytesThatAvroWritesAndReadsThemBack() {
        for (int i = 0; i < 3000; i++) {
            ChangeEvent change = change();

            byte[] bytes = Messages.encode(change);

            assertThat(bytes).isEqualTo(CHANGE.encode(Messages.toAvro(change)));
            assertThat(Messages.decodeChange(bytes))
                    .isEqualTo(change)
                    .isEqualTo(Messages.fromAvro(CHANGE.decode(bytes)));
            assertThat(Messages.headOf(bytes)).isEqualTo(new ChangeHead(change.table(), change.operation()));
        }
    }

    @Test
    void writesKeysAsAvroDoesToo() {
        for (int i = 0; i < 1000; i++) {
            RowKey key = new RowKey(text(), values(random.nextInt(4)));

            byte[] bytes = Messages.encode(key);

            assertThat(bytes).isEqualTo(KEY.encode(new RowKeyMessage(key.table(), Values.toAvro(key.values()))));
            assertThat(Messages.decodeKey(bytes)).isEqualTo(key);
        }
    }

    @Test
    void refusesAMessageThatIsCutOrHasBytesBehindItsEnd() {
        byte[] bytes = Messages.encode(
                new ChangeEvent("shop.item", Operation.INSERT, null, new Row(values(12)), new Position(1, 2, 3), "tx"));

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Messages.decodeChange(cut)).isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> Messages.decodeChange(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void carriesAValueOfManyMegabytes() {
        Row row = new Row(List.of(new Value.Whole(1), new Value.Text("é".repeat(9 << 20))));
        ChangeEvent change = new ChangeEvent("t", Operation.READ, null, row, Position.SNAPSHOT, null);

        assertThat(Messages.decodeChange(Messages.encode(change))).isEqualTo(change);
    }

    private ChangeEvent change() {
        Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
        return new ChangeEvent(
                text(),
                operation,
                random.nextBoolean() ? null : new Row(values(random.nextInt(20))),
                random.nextBoolean() ? null : new Row(values(random.nextInt(20))),
                new Position(whole(), whole(), whole()),
                random.nextBoolean() ? null : text());
    }

    private List<Value> values(int count) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) values.add(value());
        return values;
    }

    private Value value() {
        return switch (random.nextInt(12)) {
            case 0 -> Value.NULL;
            case 1 -> new Value.Whole(whole());
            case 2 ->
                new Value.Exact(
                        new BigDecimal(new BigInteger(random.nextInt(200), random).negate(), random.nextInt(40) - 20));
            case 3 -> new Value.Single(Float.intBitsToFloat(random.nextInt()));
            case 4 -> new Value.Double(Double.longBitsToDouble(random.nextLong()));
            case 5 -> new Value.Text(text());
            case 6 -> {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                yield new Value.Binary(bytes);
            }
            case 7 -> new Value.Date(whole());
            case 8 -> new Value.Time(whole());
            case 9 -> new Value.LocalTimestamp(whole());
            case 10 -> new Value.Instant(whole());
            default -> new Value.Json(text());
        };
    }

    private long whole() {
        return random.nextLong() >> random.nextInt(64);
    }

    private String text() {
        return random.ints(random.nextInt(random.nextInt(10) == 0 ? 500 : 20), 0, 0x11000)
                .filter(c -> !Character.isSurrogate((char) c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
