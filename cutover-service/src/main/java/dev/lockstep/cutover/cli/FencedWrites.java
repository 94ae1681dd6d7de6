package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.fence.Fence;
import dev.lockstep.cutover.fence.FenceState;
import dev.lockstep.cutover.fence.Probe;
import dev.lockstep.cutover.phase.Writes;

/** The application's writes on one side, stopped by its fence and tried with a real write. */
record FencedWrites(String side, Fence fence) implements Writes {

    @Override
    public void stop() {
        FenceState state = fence.raise();
        if (!(state instanceof FenceState.Raised))
            throw new IllegalStateException("the " + side + " is not fenced: " + state);
        if (fence.probe() instanceof Probe.Written)
            throw new IllegalStateException("the " + side + "'s fence is up, but the application's user still writes;"
                    + " take its administrative privileges away");
    }

    @Override
    public void allow() {
        FenceState state = fence.lower();
        if (!(state instanceof FenceState.Lowered))
            throw new IllegalStateException("the " + side + " is still fenced: " + state);
    }

    @Override
    public boolean stopped() {
        FenceState state = fence.observe();
        if (state instanceof FenceState.Unknown unknown) throw new IllegalStateException(unknown.reason());
        return state instanceof FenceState.Raised;
    }
}
