package dev.lockstep.cutover.cli;

import dev.lockstep.ingest.capture.Agreed;
import dev.lockstep.ingest.watch.SeenTable;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what looks as it did and does not hold the values that it held: a column that was dropped and added again, a type that was changed
 * there and back, a table that was made anew. No log tells what became of its rows, and the proof would go on from their old digests.
 */
final class LostValues {

    private static final Pattern GONE =
            Pattern.compile(": columns? (.+?) (?:was|were) (?:dropped or renamed|renamed to .*)");
    private static final Pattern RETYPED = Pattern.compile(": the type of column (.+?) was changed");

    private LostValues() {}

    /**
     * Tables that have lost values on either side.
     *
     * @param change what the pause says
     */
    static Set<TableId> between(TableAgreement before, TableAgreement now, String change) {
        Set<TableId> lost = new HashSet<>();
        for (Side side : Side.values())
            for (TableMapping table : before.tables())
                if (seen(before, side, table)
                        .filter(then -> isLost(then, seen(now, side, table), side, table, change))
                        .isPresent()) lost.add(table.source());
        return lost;
    }

    private static boolean isLost(
            SeenTable then, Optional<SeenTable> now, Side side, TableMapping table, String change) {
        List<String> carried = Agreed.carried(table, side);
        if (now.filter(found -> !then.lostTo(found, carried).isEmpty()).isPresent()) return true;
        return change.startsWith(side.label() + " table " + then.name() + ":")
                && named(change, then.identity().isEmpty()).anyMatch(carried::contains);
    }

    /** Where a catalog tells a renamed column from a dropped one, the pause's words need not count. */
    private static Stream<String> named(String change, boolean alsoGone) {
        Matcher retyped = RETYPED.matcher(change);
        if (retyped.find()) return Stream.of(retyped.group(1));
        Matcher gone = GONE.matcher(change);
        return alsoGone && gone.find() ? Stream.of(gone.group(1).split(", ")) : Stream.empty();
    }

    private static Optional<SeenTable> seen(TableAgreement agreement, Side side, TableMapping table) {
        String name = side.nameOf(table).toString();
        return (side == Side.SOURCE
                        ? agreement.seen().source()
                        : agreement.seen().target())
                .stream().filter(seen -> seen.name().equals(name)).findFirst();
    }
}
