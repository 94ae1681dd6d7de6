package dev.lockstep.cutover.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Processor time of the threads whose names begin so, since this was made, and what else one wants to know of a process. */
public final class ThreadTimes {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final String prefix;
    private final Map<String, Long> nanos = new TreeMap<>();

    public ThreadTimes(String prefix) {
        this.prefix = prefix;
    }

    /** To be called now and then, as a thread that has ended tells nothing. */
    public void sample() {
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread == null || !thread.getThreadName().startsWith(prefix)) continue;
            long used = threads.getThreadCpuTime(thread.getThreadId());
            if (used > 0) nanos.put(thread.getThreadName(), used);
        }
    }

    public String perChange(int changes) {
        return nanos.entrySet().stream()
                .map(e -> "%s %.2f us of CPU a change".formatted(e.getKey(), e.getValue() / 1e3 / changes))
                .collect(Collectors.joining(", "));
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
