package dev.lockstep.cutover.fence;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Waits, before the write pause, for what the fence would cut off. */
public final class OpenTransactions {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private OpenTransactions() {}

    /**
     * Waits for those that are open now and have written something. Those that begin meanwhile are younger than the wait, and not waited for.
     *
     * @param wanted called at every look; throws to end the wait
     * @return those that are still open after so long
     * @throws FenceException if they cannot be seen
     */
    public static Set<String> await(Fence fence, Duration limit, Runnable wanted) {
        Deadline deadline = Deadline.in(limit);
        Set<String> open = new HashSet<>(fence.openTransactions());
        while (!open.isEmpty() && deadline.pause(PAUSE)) {
            wanted.run();
            open.retainAll(fence.openTransactions());
        }
        return open;
    }
}
