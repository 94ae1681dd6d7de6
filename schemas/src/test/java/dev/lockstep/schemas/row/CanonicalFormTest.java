package dev.lockstep.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalFormTest {

    @Test
    void numbersOfEveryExactTypeMeet() {
        byte[] one = bytes(new Value.Whole(1));

        assertThat(bytes(Value.of(true))).isEqualTo(one);
        assertThat(bytes(new Value.Exact(new BigDecimal("1.00")))).isEqualTo(one);
        assertThat(bytes(new Value.Exact(new BigDecimal("1E+20"))))
                .isEqualTo(bytes(new Value.Exact(new BigDecimal("100000000000000000000.000"))));
        assertThat(bytes(new Value.Whole(1200))).isEqualTo(bytes(new Value.Exact(new BigDecimal("1.2E+3"))));
        assertThat(bytes(new Value.Exact(new BigDecimal("0.000")))).isEqualTo(bytes(new Value.Whole(0)));
    }

    @Test
    void whatLooksAlikeStaysApart() {
        List<Value> apart = List.of(
                Value.NULL,
                new Value.Text(""),
                new Value.Text("NULL"),
                new Value.Whole(0),
                new Value.Text("0"),
                new Value.Double(0.0),
                new Value.Double(-0.0),
                new Value.Single(0f),
                new Value.Binary(new byte[0]),
                new Value.Json("null"),
                new Value.Json("\"\""),
                new Value.Date(0),
                new Value.Time(0),
                new Value.LocalTimestamp(0),
                new Value.Instant(0));

        assertThat(apart.stream().map(CanonicalFormTest::bytes).map(Arrays::toString))
                .doesNotHaveDuplicates();
        assertThat(bytes(new Value.Text("x,y"), new Value.Text("z")))
                .isNotEqualTo(bytes(new Value.Text("x"), new Value.Text("y,z")));
    }

    @Test
    void jsonIsComparedByContent() {
        assertThat(bytes(new Value.Json("{\"b\": 1.0, \"a\": [true, null, \"\\u00e4\"]}")))
                .isEqualTo(bytes(new Value.Json("{\"a\":[true,null,\"ä\"],\"b\":1}")));
        assertThat(bytes(new Value.Json("[1,2]"))).isNotEqualTo(bytes(new Value.Json("[2,1]")));
        assertThat(bytes(new Value.Json("{\"a\":1}"))).isNotEqualTo(bytes(new Value.Json("{\"a\":\"1\"}")));
        assertThat(bytes(new Value.Json("12345678901234567890.1")))
                .isNotEqualTo(bytes(new Value.Json("12345678901234567890.2")));
    }

    @Property(tries = 2000)
    void differentRowsHaveDifferentBytesAndEqualRowsEqualOnes(
            @ForAll("rows") List<Value> one, @ForAll("rows") List<Value> other) {
        boolean equal = Arrays.equals(bytes(one), bytes(other));

        assertThat(equal).isEqualTo(one.equals(other));
        assertThat(RowDigest.of("t", new Row(one)).equals(RowDigest.of("t", new Row(other))))
                .isEqualTo(equal);
    }

    /** Values of which no two spell the same; short, so that collisions of a wrong encoding are likely. */
    @Provide
    Arbitrary<List<Value>> rows() {
        Arbitrary<Value> values = Arbitraries.oneOf(
                Arbitraries.just(Value.NULL),
                Arbitraries.longs().between(-3, 3).map(Value.Whole::new),
                Arbitraries.strings()
                        .withChars('x', ',', '\0', 'T', '[')
                        .ofMaxLength(3)
                        .map(Value.Text::new),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(3).map(Value.Binary::new),
                Arbitraries.longs().between(0, 2).map(Value.Instant::new),
                Arbitraries.longs().between(0, 2).map(Value.LocalTimestamp::new));
        return values.list().ofMaxSize(3);
    }

    @Property
    void aSumForgetsOrderAndCountsDoubles(@ForAll List<Long> keys) {
        RowDigest sum = RowDigest.ZERO;
        for (long key : keys) sum = sum.plus(digest(key));
        RowDigest back = sum;
        for (int i = keys.size() - 1; i >= 0; i--) back = back.minus(digest(keys.get(i)));

        assertThat(back).isEqualTo(RowDigest.ZERO);
        assertThat(digest(7).plus(digest(7))).isNotEqualTo(RowDigest.ZERO).isNotEqualTo(digest(7));
        assertThat(RowDigest.fromBytes(sum.toBytes())).isEqualTo(sum);
    }

    private static RowDigest digest(long key) {
        return RowDigest.of("t", new Row(List.of(new Value.Whole(key))));
    }

    private static byte[] bytes(Value... values) {
        return bytes(List.of(values));
    }

    private static byte[] bytes(List<Value> values) {
        return new CanonicalEncoder().values(values).toBytes();
    }
}
