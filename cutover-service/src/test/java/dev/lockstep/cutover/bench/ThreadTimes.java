package dev.lockstep.cutover.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Processor time by threads' names since this was made, and what else one wants to know of a process. */
public final class ThreadTimes {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<String> prefixes;
    private final Map<Long, Long> before = new HashMap<>();
    private final Map<Long, Long> now = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();

    /**
     * @param prefixes threads whose names begin with the same one are counted together, others not at all
     */
    public ThreadTimes(String... prefixes) {
        this.prefixes = List.of(prefixes);
        sample();
        before.putAll(now);
    }

    /** To be called now and then, as a thread that has ended tells nothing. */
    public void sample() {
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread == null) continue;
            long used = threads.getThreadCpuTime(thread.getThreadId());
            if (used <= 0) continue;
            now.put(thread.getThreadId(), used);
            names.put(thread.getThreadId(), thread.getThreadName());
        }
    }

    public String perChange(int changes) {
        return prefixes.stream()
                .map(prefix -> "%s %.2f".formatted(prefix, used(prefix) / 1e3 / changes))
                .collect(Collectors.joining(", ", "us of CPU a change: ", ""));
    }

    private long used(String prefix) {
        return names.entrySet().stream()
                .filter(thread -> thread.getValue().startsWith(prefix))
                .map(Map.Entry::getKey)
                .mapToLong(thread -> now.get(thread) - before.getOrDefault(thread, 0L))
                .sum();
    }

    public static void resetPeak() {
        System.gc();
        old().resetPeakUsage();
    }

    public static String peak() {
        return "old generation up to %d MB".formatted(old().getPeakUsage().getUsed() >> 20);
    }

    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static MemoryPoolMXBean old() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getName().contains("Old Gen") || pool.getName().contains("Tenured"))
                .findFirst()
                .orElseThrow();
    }
}
