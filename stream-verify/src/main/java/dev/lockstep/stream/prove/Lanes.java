package dev.lockstep.stream.prove;

import dev.lockstep.schemas.message.Position;
import dev.lockstep.schemas.message.Side;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Finds the barriers at which both sides can be compared: those that have passed in every lane of both. What stands between two
 * barriers of a lane is as of the second; so of a barrier that a lane never showed nothing is known, and it is passed over.
 *
 * <p>Why the smallest of the lanes' newest barriers would not do: 1. the target's capture begins when the source stands at barrier
 * 9, so the target's first one is 9; 2. the source's topic is read more slowly and stands at 3; 3. the smallest is 3, yet the
 * target's rows are those of 9: a false alarm for every row that changed between.
 */
final class Lanes {

    private final int lanes;
    private final long[] last;
    private final Position[] reached;
    private final List<ArrayDeque<Long>> ahead = new ArrayList<>();

    Lanes(int lanes) {
        this.lanes = lanes;
        last = new long[Side.values().length * lanes];
        reached = new Position[last.length];
        Arrays.fill(reached, Position.SNAPSHOT);
        for (int i = 0; i < last.length; i++) ahead.add(new ArrayDeque<>());
    }

    /** The time of a change that comes now: just behind the newest barrier of its lane, 1 before the first. */
    long stamp(Side side, int lane) {
        return last[index(side, lane)] + 1;
    }

    /** A change comes; says whether it does for the first time. */
    boolean advance(Side side, int lane, Position position) {
        int index = index(side, lane);
        if (position.compareTo(reached[index]) <= 0) return false;
        reached[index] = position;
        return true;
    }

    /** Whether the initial copy is over and the log has come to where it was read: before the first barrier rows may be ahead of the log. */
    boolean isFollowing(Side side, int lane) {
        return last[index(side, lane)] > 0;
    }

    /**
     * A barrier passes in a lane; one that does not grow is a repeat and changes nothing.
     *
     * @return the newest barrier that has now passed everywhere, if this one completed any
     */
    OptionalLong pass(Side side, int lane, long micros) {
        int index = index(side, lane);
        if (micros <= last[index]) return OptionalLong.empty();
        last[index] = micros;
        ahead.get(index).add(micros);
        return meet();
    }

    private OptionalLong meet() {
        OptionalLong met = OptionalLong.empty();
        while (ahead.stream().noneMatch(ArrayDeque::isEmpty)) {
            long newest = ahead.stream().mapToLong(ArrayDeque::element).max().orElseThrow();
            for (ArrayDeque<Long> lane : ahead) while (!lane.isEmpty() && lane.element() < newest) lane.remove();
            if (ahead.stream().allMatch(lane -> !lane.isEmpty() && lane.element() == newest)) {
                ahead.forEach(ArrayDeque::remove);
                met = OptionalLong.of(newest);
            }
        }
        return met;
    }

    private int index(Side side, int lane) {
        return side.ordinal() * lanes + lane;
    }

    List<Lane> save() {
        List<Lane> saved = new ArrayList<>();
        for (int i = 0; i < last.length; i++) saved.add(new Lane(i, last[i], reached[i], List.copyOf(ahead.get(i))));
        return saved;
    }

    void restore(Lane lane) {
        last[lane.index] = lane.last;
        reached[lane.index] = lane.reached;
        ahead.get(lane.index).clear();
        ahead.get(lane.index).addAll(lane.ahead);
    }

    /** One lane of one side, for a checkpoint. */
    record Lane(int index, long last, Position reached, List<Long> ahead) {

        static final TypeInformation<Lane> TYPE = new WireType<>(Lane.class, new LaneSerializer());
    }

    /** Public because Flink makes it by name. */
    public static final class LaneSerializer extends WireSerializer<Lane> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(Lane lane, DataOutputView target) throws IOException {
            target.writeInt(lane.index);
            target.writeLong(lane.last);
            writePosition(lane.reached, target);
            target.writeInt(lane.ahead.size());
            for (long barrier : lane.ahead) target.writeLong(barrier);
        }

        @Override
        public Lane deserialize(DataInputView source) throws IOException {
            int index = source.readInt();
            long last = source.readLong();
            Position reached = readPosition(source);
            int size = source.readInt();
            List<Long> ahead = new ArrayList<>(size);
            for (int i = 0; i < size; i++) ahead.add(source.readLong());
            return new Lane(index, last, reached, ahead);
        }
    }
}
