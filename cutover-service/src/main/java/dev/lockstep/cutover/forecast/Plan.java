package dev.lockstep.cutover.forecast;

import dev.lockstep.cutover.gate.Units;
import dev.lockstep.schemas.message.Barrier.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that a move does, as facts.
 *
 * @param origin what the direction's origin is: {@code mariadb 10.0.0.1:3306/shop}; likewise destination
 * @param application whom the fence is tried as; empty: the migration file does not say
 * @param tables that must be proven, by the source's names
 * @param counters those that are set, a line each, as they are now
 * @param dns the record sets, a line each, from what to what; empty: the migration has no DNS
 * @param servers authoritative ones, each read back
 * @param ttl how long clients may go on to the old address; empty: not known
 * @param budget of the write pause
 * @param otherWay whether there is a way back from there
 */
public record Plan(
        Direction direction,
        String origin,
        String destination,
        Optional<String> application,
        List<String> tables,
        List<String> counters,
        List<String> dns,
        List<String> servers,
        Optional<Duration> ttl,
        Duration budget,
        boolean otherWay) {

    private static final int NAMED = 20;

    /** The steps, in their order, for people. */
    List<String> lines() {
        String from = direction.origin().label();
        String to = direction.destination().label();
        List<String> lines = new ArrayList<>();
        lines.add("writes stand still from here on, for " + Units.of(budget)
                + " at most; past it, or if a step before the DNS update fails, the " + from + " gets them back");
        lines.add("fence the " + from + " (" + origin + "): read-only, others' sessions ended; "
                + application
                        .map(user -> "a write as " + user + " must be refused")
                        .orElse("not tried with a write, as cutover.applicationUser is not set"));
        lines.add("write the last barrier there; " + tables.size() + " tables must be proven equal at it: "
                + named(tables));
        if (otherWay)
            lines.add("send a trial from the " + to + " to the " + from + ": changes the other way begin behind it");
        lines.add("set "
                + (counters.isEmpty()
                        ? "no counters: there are none"
                        : "counters on the " + to + ", beyond: " + named(counters)));
        lines.add(
                "write a barrier once more; what differs from the one before was written through the fence, and ends the move");
        if (dns.isEmpty()) lines.add("no DNS is updated: you move the traffic yourself once the " + to + " is open");
        else lines.add("send DNS updates, and read back " + String.join(", ", servers) + ": " + String.join("; ", dns));
        lines.add("open the " + to + " (" + destination + ")"
                + (otherWay ? "; its changes are carried to the " + from : ""));
        lines.add(wayBack(from, to));
        return numbered(lines);
    }

    private String wayBack(String from, String to) {
        if (direction == Direction.REVERSE)
            return "the way to the target stays: its gates must open anew, then lockstep cutover";
        return otherWay
                ? "way back: lockstep rollback moves the traffic to the " + from
                        + " again, with all that was written on the " + to + ", until lockstep finish"
                : "there is no way back (cutover.wayBack: false)";
    }

    private static String named(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() > NAMED ? shown + " and " + (names.size() - NAMED) + " more" : shown;
    }

    private static List<String> numbered(List<String> lines) {
        List<String> numbered = new ArrayList<>();
        for (String line : lines) numbered.add((numbered.size() + 1) + ". " + line);
        return numbered;
    }

    /** What no drill shows. */
    List<String> notDrilled() {
        return Stream.of(
                        "ending sessions and raising the fence: that would stop writes; long transactions make it longer",
                        "sending the DNS update, setting counters and opening the other side: only earlier moves tell",
                        dns.isEmpty()
                                ? "how long clients take to follow you"
                                : "when clients resolve the name again: up to "
                                        + ttl.map(Units::of).orElse("its TTL")
                                        + " (TTL) after the update, and longer where they do not keep to it",
                        "drills run while writes go on; in the move they stand still, so draining is rather shorter")
                .toList();
    }
}
