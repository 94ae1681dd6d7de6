package dev.lockstep.cutover.report;

import dev.lockstep.schemas.avro.Digest128;
import dev.lockstep.schemas.avro.TableVerdict;
import java.util.ArrayList;
import java.util.List;

/** Verdicts as the proof would give them. */
final class Verdicts {

    static final long FIRST = 1_795_000_000_000_000L;
    static final long SECOND = 1_000_000L;

    private Verdicts() {}

    /** Of two tables at so many barriers, a second apart. */
    static List<TableVerdict> equal(int barriers) {
        List<TableVerdict> verdicts = new ArrayList<>();
        for (int i = 0; i < barriers; i++)
            for (String table : List.of("shop.item", "shop.order"))
                verdicts.add(verdict(table, FIRST + i * SECOND, 10 + i, 10 + i));
        return verdicts;
    }

    static TableVerdict verdict(String table, long barrier, long rowsSource, long rowsTarget) {
        return new TableVerdict(
                table,
                barrier,
                rowsSource,
                rowsTarget,
                digest(rowsSource),
                digest(rowsTarget),
                Math.abs(rowsSource - rowsTarget),
                barrier + 100);
    }

    private static Digest128 digest(long rows) {
        byte[] bytes = new byte[16];
        bytes[15] = (byte) rows;
        return new Digest128(bytes);
    }
}
