package dev.lockstep.cutover.phase;

/** What can go wrong with one act on the world. */
enum Fault {
    /** It fails and has no effect. On the journal: not written. */
    FAILS,
    /** It has its effect and fails. On the journal: written, but nobody knows. */
    FAILS_AFTER_ITS_EFFECT,
    /** Stopping or allowing writes fails half-way: some can write, and some cannot. Elsewhere nothing. */
    HALF_DONE,
    /** The process dies before it. */
    CRASH_BEFORE,
    /** The process dies after it. */
    CRASH_AFTER,
    /** It takes longer than the write pause's whole budget. */
    SLOW,
    /** Somebody else makes the source writable just before, and the application writes. */
    FENCE_FALLS,
    /** A gate closes just before; what has begun by then goes on. */
    GATE_CLOSES,
    /** An administrator writes through the fence just before; only between the two last barriers, as nobody can stop what comes later. */
    BREACH,
    /** Another controller opens the journal just before; the journal alone notices. */
    TAKEN_OVER,
    /** The flip's reply is lost; it takes effect later. */
    FLIP_COMES_LATE,
    /** The flip's reply is lost; it never takes effect, which shows later. */
    FLIP_IS_LOST;

    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure(String act) {
            super(act + " fails");
        }
    }
}
