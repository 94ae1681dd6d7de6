package dev.lockstep.schemas.message;

import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.ColumnMapping;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.TableId;
import dev.lockstep.schemas.table.TableMapping;
import java.util.List;
import java.util.Optional;

/**
 * A cut through all lanes at one commit position of the origin: an ordinary row of {@code lockstep.barrier}, one per direction,
 * purpose and lane, all lanes' rows set in one transaction. Its timestamp only grows.
 *
 * @param trial it only tries the way of a direction whose changes are not carried now: it cuts nothing, and nothing is proven at it
 * @param micros microseconds since the epoch on Lockstep's clock, when it was written
 */
public record Barrier(Direction direction, boolean trial, int lane, long micros) {

    private static final String TRIAL = "_TRIAL";

    /** Which way changes flow. */
    public enum Direction {
        /** From the source to the target. */
        FORWARD,
        /** From the target to the source: the way back. */
        REVERSE;

        /** Where the changes come from. */
        public Side origin() {
            return this == FORWARD ? Side.SOURCE : Side.TARGET;
        }

        /** Where they go. */
        public Side destination() {
            return opposite().origin();
        }

        public Direction opposite() {
            return this == FORWARD ? REVERSE : FORWARD;
        }

        /** What a barrier's row has in its first column. */
        public String row(boolean trial) {
            return trial ? name() + TRIAL : name();
        }
    }

    /** One that cuts. */
    public Barrier(Direction direction, int lane, long micros) {
        this(direction, false, lane, micros);
    }

    /** What its row has in its first column. */
    public String row() {
        return direction.row(trial);
    }

    public static final TableId TABLE = new TableId("lockstep", "barrier");

    /** How both sides keep barriers; each lane's topic carries its own rows of it. */
    public static final TableMapping MAPPING = new TableMapping(
            TABLE,
            TABLE,
            List.of(
                    new ColumnMapping("direction", Kind.TEXT, "varchar(16)", "direction", "varchar(16)"),
                    new ColumnMapping("lane", Kind.NUMBER, "integer", "lane", "integer"),
                    new ColumnMapping("at_micros", Kind.NUMBER, "bigint", "at_micros", "bigint")),
            List.of(0, 1),
            0);

    /** The barrier that a change carries, if it is one; a snapshot's copy of the row is none. */
    public static Optional<Barrier> in(ChangeEvent change) {
        Row after = change.after();
        if (after == null
                || change.operation() == ChangeEvent.Operation.READ
                || !change.table().equals(MAPPING.id())) return Optional.empty();
        String row = ((Value.Text) after.get(0)).value();
        boolean trial = row.endsWith(TRIAL);
        return Optional.of(new Barrier(
                Direction.valueOf(trial ? row.substring(0, row.length() - TRIAL.length()) : row),
                trial,
                Math.toIntExact(((Value.Whole) after.get(1)).value()),
                ((Value.Whole) after.get(2)).value()));
    }
}
