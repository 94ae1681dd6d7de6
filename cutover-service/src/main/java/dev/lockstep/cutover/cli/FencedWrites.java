package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.fence.Fence;
import dev.lockstep.cutover.fence.FenceState;
import dev.lockstep.cutover.fence.OpenTransactions;
import dev.lockstep.cutover.fence.Probe;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.cutover.phase.Writes;
import dev.lockstep.schemas.migration.Migration.CutoverRules;
import dev.lockstep.schemas.migration.Migration.LongTransactions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application's writes on one side, stopped by its fence and tried with a real write. */
record FencedWrites(String side, Fence fence, CutoverRules rules) implements Writes {

    private static final Logger LOG = LoggerFactory.getLogger(FencedWrites.class);

    /** Whoever the application is must be known by then, so that the fence can be tried. */
    @Override
    public void settle(Runnable wanted) {
        tryOut();
        requireReach();
        Set<String> open = OpenTransactions.await(fence, rules.longTransactionLimit(), wanted);
        if (open.isEmpty()) return;
        String left = "after " + Units.of(rules.longTransactionLimit()) + " there are still open on the " + side + ": "
                + open;
        if (rules.longTransactions() == LongTransactions.ABORT)
            throw new IllegalStateException(left + "; cutover.longTransactions says abort");
        LOG.warn("the fence ends transactions: {}", left);
    }

    @Override
    public void stop() {
        FenceState state = fence.raise();
        if (!(state instanceof FenceState.Raised))
            throw new IllegalStateException("the " + side + " is not fenced: " + state);
        Probe probe = fence.probe();
        if (probe instanceof Probe.Written)
            throw new IllegalStateException("the " + side + "'s fence is up, but the application's user still writes;"
                    + " take its administrative privileges away");
        if (probe instanceof Probe.Inconclusive why) untried("is up, but could not be tried", why);
    }

    /**
     * Tries a write, so that what keeps it from telling anything is known before the fence is up.
     *
     * @throws UntriedFenceException if it tells nothing
     */
    void tryOut() {
        if (fence.probe() instanceof Probe.Inconclusive why) untried("cannot be tried", why);
    }

    /**
     * Looks whether raising the fence can end whoever must be.
     *
     * @throws IllegalStateException if not
     */
    void requireReach() {
        Set<String> beyond = fence.outOfReach();
        if (!beyond.isEmpty())
            throw new IllegalStateException("the " + side + "'s fence cannot be raised beside " + beyond
                    + ", which Lockstep's user may not end: end them, or make it a superuser");
    }

    private void untried(String what, Probe.Inconclusive why) {
        if (rules.applicationUser() != null)
            throw new UntriedFenceException("the " + side + "'s fence " + what + ": " + why.reason());
    }

    @Override
    public void allow() {
        FenceState state = fence.lower();
        if (!(state instanceof FenceState.Lowered))
            throw new IllegalStateException("the " + side + " is still fenced: " + state);
    }

    @Override
    public boolean stopped() {
        return state() instanceof FenceState.Raised;
    }

    @Override
    public boolean open() {
        return state() instanceof FenceState.Lowered;
    }

    private FenceState state() {
        FenceState state = fence.observe();
        if (state instanceof FenceState.Unknown unknown) throw new IllegalStateException(unknown.reason());
        return state;
    }
}
