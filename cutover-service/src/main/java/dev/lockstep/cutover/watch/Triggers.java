package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.gate.Units;
import dev.lockstep.schemas.migration.SoakRules;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.SoakRules.RollbackRules;
import dev.lockstep.schemas.migration.SoakRules.Then;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Whether what is seen on the target speaks for going back. Pure. */
public final class Triggers {

    private Triggers() {}

    /**
     * What is seen. What is not known speaks for nothing.
     *
     * @param provenLag of the source behind the target, the least of the last {@code soak.rollbackOn.lasting}
     * @param mismatches rows that differ, by the proof
     * @param scanned the same by the newest scans
     * @param stragglers sessions of others on the source, the fewest of that time
     * @param sinceOpen how long ago the target opened
     * @param closed why the traffic cannot go back now; empty: it can
     * @param tried it has gone, or tried to go, back by itself since the target opened
     */
    public record Seen(
            Optional<Duration> provenLag,
            OptionalLong mismatches,
            long scanned,
            Optional<Integer> stragglers,
            Duration sinceOpen,
            Optional<CheckState> check,
            Optional<String> closed,
            boolean tried) {}

    /** What to do. */
    public sealed interface Decision {

        /** Why; empty where there is nothing to say. */
        default String reason() {
            return "";
        }

        record Stay() implements Decision {}

        /**
         * Somebody should know.
         *
         * @param kinds what speaks for it, without its figures: the same kinds are no news
         */
        record Tell(String kinds, String reason) implements Decision {}

        record RollBack(String reason) implements Decision {}
    }

    private record Found(String kind, String reason, boolean goesBack) {}

    public static Decision decide(Seen seen, SoakRules rules) {
        List<Found> found = found(seen, rules);
        if (found.isEmpty()) return new Decision.Stay();
        String kinds = found.stream().map(Found::kind).collect(Collectors.joining(", "));
        String reason = found.stream().map(Found::reason).collect(Collectors.joining("; "));
        if (found.stream().noneMatch(Found::goesBack)) return new Decision.Tell(kinds, reason);
        if (seen.closed().isPresent())
            return new Decision.Tell(
                    kinds + ", closed", reason + "; but " + seen.closed().get());
        if (seen.tried())
            return new Decision.Tell(
                    kinds + ", tried",
                    reason + "; it has tried to go back once, and awaits your word: lockstep rollback");
        return new Decision.RollBack(reason);
    }

    private static List<Found> found(Seen seen, SoakRules rules) {
        List<Found> found = new ArrayList<>();
        // a row that differs is one that the rollback's proof would refuse, so it never goes back for that
        if (seen.mismatches().orElse(0) > 0)
            found.add(new Found(
                    "mismatches", seen.mismatches().getAsLong() + " rows differ between target and source", false));
        if (seen.scanned() > 0)
            found.add(new Found(
                    "scan", "the scan found " + seen.scanned() + " rows that differ between target and source", false));
        lag(seen, rules).ifPresent(found::add);
        stragglers(seen, rules).ifPresent(found::add);
        CheckRules check = rules.check();
        if (check != null) check(seen, check).ifPresent(found::add);
        errors(seen, rules.rollbackOn()).ifPresent(found::add);
        latency(seen, rules.rollbackOn()).ifPresent(found::add);
        return found;
    }

    private static Optional<Found> lag(Seen seen, SoakRules rules) {
        Duration limit = rules.rollbackOn().lag();
        if (limit == null) return Optional.empty();
        return seen.provenLag()
                .filter(lag -> lag.compareTo(limit) > 0)
                .map(lag -> new Found(
                        "lag",
                        "the source's proven lag of " + Units.of(lag) + " exceeds soak.rollbackOn.lag of "
                                + Units.of(limit) + lasting(rules),
                        true));
    }

    private static Optional<Found> stragglers(Seen seen, SoakRules rules) {
        int limit = rules.rollbackOn().stragglers();
        boolean early = seen.sinceOpen().compareTo(rules.rollbackOn().stragglersAfter()) < 0;
        if (limit == 0 || early || seen.stragglers().orElse(0) < limit) return Optional.empty();
        return Optional.of(new Found(
                "stragglers",
                seen.stragglers().get() + " sessions of others are on the source, soak.rollbackOn.stragglers is "
                        + limit + lasting(rules),
                true));
    }

    private static String lasting(SoakRules rules) {
        Duration time = rules.rollbackOn().lasting();
        return time.isZero() ? "" : ", for " + Units.of(time) + " or longer";
    }

    private static Optional<Found> errors(Seen seen, RollbackRules rules) {
        int limit = rules.errorPercent();
        if (limit == 0) return Optional.empty();
        return seen.check()
                .flatMap(CheckState::failedPercent)
                .filter(percent -> percent >= limit)
                .map(percent -> new Found(
                        "errors",
                        percent + " % of the check's newest runs failed, soak.rollbackOn.errorPercent is " + limit,
                        true));
    }

    private static Optional<Found> latency(Seen seen, RollbackRules rules) {
        Duration limit = rules.latency();
        if (limit == null) return Optional.empty();
        return seen.check()
                .flatMap(CheckState::latency)
                .filter(latency -> latency.compareTo(limit) > 0)
                .map(latency -> new Found(
                        "latency",
                        "the check's newest runs took up to " + Units.of(latency)
                                + " (95 of 100), soak.rollbackOn.latency is " + Units.of(limit),
                        true));
    }

    private static Optional<Found> check(Seen seen, CheckRules rules) {
        return seen.check()
                .filter(check -> check.failures() >= rules.failures())
                .map(check -> new Found(
                        "check",
                        "the check has failed " + check.failures() + " times in a row: " + check.said(),
                        rules.then() == Then.ROLLBACK));
    }
}
