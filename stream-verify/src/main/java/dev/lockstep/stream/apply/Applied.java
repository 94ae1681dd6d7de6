package dev.lockstep.stream.apply;

import dev.lockstep.schemas.message.Position;

/**
 * How far a lane has been applied, as its row of {@code lockstep.applied} says.
 *
 * @param nextOffset the Kafka offset that comes next
 * @param position of the newest change applied
 * @param barrierMicros the newest barrier applied; 0 before the first
 * @param epoch which start of an applier owns the row
 */
record Applied(long nextOffset, Position position, long barrierMicros, long epoch) {

    Applied after(Batch batch) {
        return new Applied(
                batch.nextOffset(),
                batch.position(),
                batch.barrier() == null ? barrierMicros : batch.barrier().micros(),
                epoch);
    }
}
