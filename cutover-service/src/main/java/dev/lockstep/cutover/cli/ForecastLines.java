package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.forecast.Estimate;
import dev.lockstep.cutover.forecast.Forecast;
import dev.lockstep.cutover.forecast.Pause;
import dev.lockstep.cutover.gate.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A forecast for people. */
final class ForecastLines {

    private ForecastLines() {}

    static List<String> of(Forecast forecast) {
        List<String> lines = new ArrayList<>();
        lines.add("the " + forecast.move() + ", rehearsed with " + forecast.drills() + " drills; nothing was changed");
        if (!forecast.trouble().isEmpty()) lines.add("TROUBLE   " + forecast.trouble());
        lines.add("");
        lines.addAll(forecast.plan());
        lines.add("");
        lines.add(pause(forecast.pause(), forecast.budgetMillis()));
        for (Estimate step : forecast.pause().steps()) lines.add(step(step));
        lines.add("  expected: the sum of the medians; at worst: the sum of each step's largest figure");
        if (!forecast.earlierMillis().isEmpty())
            lines.add("  write pauses of earlier moves this way: " + forecast.earlierMillis() + " ms");
        if (forecast.dnsReadMillis() != null)
            lines.add("  reading all authoritative servers takes " + forecast.dnsReadMillis()
                    + " ms; a move reads them twice at least");
        lines.add("not drilled:");
        for (String left : forecast.notDrilled()) lines.add("  " + left);
        lines.add("");
        for (String gate : forecast.gates()) lines.add("gate      " + gate);
        return lines;
    }

    private static String pause(Pause pause, long budgetMillis) {
        return "write pause: " + (pause.complete() ? "" : "more than ")
                + figures(pause.expectedMillis(), pause.upperMillis()) + "; its budget is "
                + Units.of(Duration.ofMillis(budgetMillis));
    }

    private static String figures(long expectedMillis, long upperMillis) {
        return expectedMillis + " ms expected, " + upperMillis + " ms at worst";
    }

    private static String step(Estimate step) {
        return step.medianMillis() == null
                ? String.format("  %-62s  not known before the first move", step.step())
                : String.format(
                        Locale.ROOT,
                        "  %-62s %6d ms, at worst %6d ms (%s, %d)",
                        step.step(),
                        step.medianMillis(),
                        step.largestMillis(),
                        step.basis(),
                        step.samples());
    }

    /** One line for the status. */
    static String of(Status.ForecastStatus forecast, Duration age) {
        return "forecast  " + forecast.move() + ": writes pause " + (forecast.complete() ? "" : "more than ")
                + figures(forecast.expectedMillis(), forecast.upperMillis()) + "; rehearsed " + age.toSeconds()
                + " s ago"
                + (forecast.trouble().isEmpty() ? "" : "; " + forecast.trouble());
    }
}
