package dev.lockstep.stream.lag;

/** All lanes have reached a barrier. */
record Arrival(long barrierMicros, long reachedMicros) {

    /** Never below 0, whatever two machines' clocks say. */
    long delayMicros() {
        return Math.max(0, reachedMicros - barrierMicros);
    }
}
