package dev.lockstep.cutover.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The newest few hundred of what was added, roughly. Not thread-safe. */
final class Recent<T> {

    private static final int KEPT = 500;

    private final List<T> items = new ArrayList<>();
    private int oldest;

    void add(T item) {
        if (items.size() < KEPT) items.add(item);
        else items.set(oldest++ % KEPT, item);
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** One of them; there is one. */
    T pick(Random random) {
        return items.get(random.nextInt(items.size()));
    }

    /** One of them, and forgets it; there is one. */
    T take(Random random) {
        int index = random.nextInt(items.size());
        T taken = items.get(index);
        T last = items.remove(items.size() - 1);
        if (index < items.size()) items.set(index, last);
        return taken;
    }
}
