package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.gate.Units;
import dev.lockstep.cutover.watch.CheckState;
import dev.lockstep.cutover.watch.Straggler;
import dev.lockstep.cutover.watch.Stragglers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is watched after the cutover, for people. */
final class SoakLines {

    private static final int CLIENTS = 8;

    private SoakLines() {}

    static List<String> of(Status status) {
        Status.SoakStatus soak = status.soak();
        if (soak == null) return List.of();
        List<String> lines = new ArrayList<>();
        lines.add("soak      since " + soak.since() + ", suggested until " + soak.suggestedUntil()
                + (soak.reports().isEmpty() ? "" : "; reports " + String.join(", ", soak.reports())));
        if (!soak.alarm().isEmpty()) lines.add("ALARM     " + soak.alarm());
        if (soak.check() != null)
            lines.add("check     "
                    + (soak.check().failures() == 0
                            ? "passed"
                            : "failed " + soak.check().failures() + " times in a row: "
                                    + soak.check().said())
                    + ", " + age(soak.check().at(), status.at()) + " ago" + runs(soak.check()));
        if (soak.stragglers() != null) lines.addAll(stragglers(soak.stragglers(), status.at()));
        return lines;
    }

    private static String runs(CheckState check) {
        String latency = check.latency()
                .map(took -> ", 95 of 100 of the others took up to " + Units.of(took))
                .orElse("");
        return check.failedPercent()
                .map(percent -> "; of its newest " + check.newest().size() + " runs " + percent + " % failed" + latency)
                .orElse("");
    }

    private static List<String> stragglers(Stragglers seen, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("straggler " + seen.sessions() + " sessions of others on the source, as seen " + age(seen.at(), now)
                + " ago" + (seen.trouble().isEmpty() ? "" : "; " + seen.trouble()));
        for (Straggler client : seen.clients().stream().limit(CLIENTS).toList())
            lines.add("          " + client.user() + " from " + client.client() + ": " + client.sessions()
                    + " sessions, at most " + client.most()
                    + (client.refused() == null ? "" : ", refused " + client.refused() + " times") + ", last seen "
                    + age(client.lastSeen(), now) + " ago");
        if (seen.clients().size() > CLIENTS)
            lines.add("          and " + (seen.clients().size() - CLIENTS) + " more");
        return lines;
    }

    private static String age(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        return TerminalView.roughly(age.isNegative() ? Duration.ZERO : age);
    }
}
