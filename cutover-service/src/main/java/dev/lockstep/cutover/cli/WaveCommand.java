package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.cutover.flip.Step;
import dev.lockstep.cutover.gate.Rule;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.ConfigurationException;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.WaveRules;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "wave",
        mixinStandardHelpOptions = true,
        description =
                "Moves the names of those who only read to the target before the cutover, wave after wave, or back.",
        subcommands = {WaveCommand.Move.class, WaveCommand.Back.class})
final class WaveCommand implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** What both have in common: show, ask, do. */
    private abstract static class Change implements Callable<Integer> {

        @Mixin
        private final MigrationArgument migration = new MigrationArgument();

        @Option(names = "--only", paramLabel = "WAVE", description = "this wave alone (default: all of the file)")
        private String only = "";

        @Option(names = "--dry-run", description = "show what would be sent, and end")
        private boolean dryRun;

        @Option(names = "--yes", description = "do not ask")
        private boolean yes;

        abstract Direction direction();

        abstract Optional<String> change(Waves waves, WaveRules wave);

        @Override
        public Integer call() {
            Migration chosen = migration.load();
            Waves waves = new Waves(
                    chosen.state(), () -> trouble(chosen), System.out::println, Clock.systemUTC(), Rest.sleeping());
            waves.refuseForgotten(chosen.waves());
            List<WaveRules> wanted = wanted(chosen, waves);
            if (wanted.isEmpty()) System.out.println("every wave has moved and held");
            for (WaveRules wave : wanted) {
                List<Step> steps = waves.plan(wave, direction());
                System.out.println("wave " + wave.name());
                for (Step step : steps) step.plan().lines().forEach(System.out::println);
                boolean done = steps.stream().allMatch(step -> step.plan().isDone());
                waves.shares(wave, direction()).forEach(System.out::println);
                if (dryRun) continue;
                if (!done && !yes && !Operator.agrees("send this?")) return 1;
                Optional<String> failure = change(waves, wave);
                if (failure.isPresent()) throw new ConfigurationException(failure.get());
            }
            return 0;
        }

        /** In the order in which they change. */
        List<WaveRules> wanted(Migration chosen, Waves waves) {
            List<WaveRules> wanted = chosen.waves().stream()
                    .filter(wave -> only.isEmpty() || wave.name().equals(only))
                    .collect(Collectors.toCollection(ArrayList::new));
            if (wanted.isEmpty())
                throw new ConfigurationException(
                        only.isEmpty()
                                ? "the migration file has no waves; see waves in its reference"
                                : "the migration file has no wave " + only + "; its waves: "
                                        + chosen.waves().stream()
                                                .map(WaveRules::name)
                                                .toList());
            return wanted;
        }
    }

    @Command(
            name = "move",
            mixinStandardHelpOptions = true,
            description = {
                "Moves each wave to the target by compare-and-swap and waits until it has held: the migration's gates of lag and proof open,",
                "and the wave's own check passing. The first that does not ends it; what becomes of that wave, its onFailure says.",
                "The migration must run and be in phase FOLLOWING. Done again, it goes on where it was."
            })
    static final class Move extends Change {

        @Override
        Direction direction() {
            return Direction.FORWARD;
        }

        @Override
        List<WaveRules> wanted(Migration chosen, Waves waves) {
            return super.wanted(chosen, waves).stream()
                    .filter(wave -> waves.held(wave).isEmpty())
                    .toList();
        }

        @Override
        Optional<String> change(Waves waves, WaveRules wave) {
            return waves.move(wave);
        }
    }

    @Command(
            name = "back",
            mixinStandardHelpOptions = true,
            description =
                    "Moves each wave back to the source by compare-and-swap, the last one first; at any time, whatever the lag is.")
    static final class Back extends Change {

        @Override
        Direction direction() {
            return Direction.REVERSE;
        }

        @Override
        List<WaveRules> wanted(Migration chosen, Waves waves) {
            List<WaveRules> wanted = super.wanted(chosen, waves);
            Collections.reverse(wanted);
            return wanted;
        }

        @Override
        Optional<String> change(Waves waves, WaveRules wave) {
            return waves.back(wave);
        }
    }

    /** What readers on the target depend on. */
    private static final Set<String> OF_READERS = Set.of(
                    Rule.APPLIED_LAG,
                    Rule.PROVEN_LAG,
                    Rule.PROOF_AGE,
                    Rule.PROOF,
                    Rule.MISMATCHES,
                    Rule.DEAD_LETTERS,
                    Rule.SCHEMA,
                    Rule.PAUSE)
            .stream()
            .map(Rule::label)
            .collect(Collectors.toSet());

    private static Optional<String> trouble(Migration migration) {
        Status status;
        try {
            status = Json.read(ApiClient.granted(ApiClient.of(migration).get("/api/status")), Status.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        } catch (IOException | RuntimeException e) {
            return Optional.of("the migration does not tell how far the target is: " + e.getMessage());
        }
        return trouble(status);
    }

    /** Why nobody should read on the target now. */
    static Optional<String> trouble(Status status) {
        if (!status.phase().equals("FOLLOWING"))
            return Optional.of("the migration is in phase " + status.phase() + "; waves move in FOLLOWING");
        List<String> closed = status.gates().stream()
                .filter(gate ->
                        OF_READERS.contains(gate.rule()) && !gate.state().equals("OPEN"))
                .map(gate -> gate.rule() + ": " + gate.reason())
                .toList();
        if (status.gates().isEmpty()) return Optional.of("the gates are not judged yet");
        return closed.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", closed));
    }
}
