package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import dev.lockstep.cutover.flip.DnsPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What of the waves outlives a command, in the migration's state directory. */
record WaveFiles(Path state) {

    /**
     * @param waves by name: since when one has moved and held
     */
    private record Held(Map<String, Instant> waves) {}

    Map<String, Instant> held() {
        return StateFile.read(file(), Held.class).map(Held::waves).orElse(Map.of());
    }

    void hold(String wave, Instant at) {
        Map<String, Instant> held = new TreeMap<>(held());
        held.put(wave, at);
        StateFile.write(file(), new Held(held));
    }

    void forget(String wave) {
        Map<String, Instant> held = new TreeMap<>(held());
        if (held.remove(wave) != null) StateFile.write(file(), new Held(held));
    }

    /**
     * How much of a wave has moved that moves by shares.
     *
     * @param plans of its zones, as they were before the first share
     * @param percent of the newest share
     * @param ending all of it is to move, or has
     * @param mayLandUntil until when a command that was cut off may take effect
     */
    record Shared(List<DnsPlan> plans, int percent, boolean ending, Instant mayLandUntil) {

        Shared {
            plans = List.copyOf(plans);
        }

        Shared mayLandUntil(Instant until) {
            return new Shared(plans, percent, ending, until);
        }
    }

    /** Empty: none or all of its answers have moved, and DNS tells. */
    Optional<Shared> shared(String wave) {
        return StateFile.read(shareFile(wave), Shared.class);
    }

    void share(String wave, Shared shared) {
        StateFile.write(shareFile(wave), shared);
    }

    void forgetShare(String wave) {
        StateFile.delete(shareFile(wave));
    }

    /** The waves of which a share has moved. */
    List<String> shared() {
        Path waves = state.resolve("waves");
        if (!Files.isDirectory(waves)) return List.of();
        try (Stream<Path> all = Files.list(waves)) {
            return all.map(wave -> wave.getFileName().toString())
                    .filter(wave -> shared(wave).isPresent())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + waves, e);
        }
    }

    /** For as long as it is moved; empty if another process moves it. */
    Optional<StateDirectory> lock(String wave) {
        return StateDirectory.lockIfFree(directory(wave));
    }

    private Path shareFile(String wave) {
        return directory(wave).resolve("share.json");
    }

    /** What DNS was like before a wave moved. */
    DnsFiles dns(String wave) {
        return new DnsFiles(directory(wave));
    }

    private Path directory(String wave) {
        return state.resolve("waves").resolve(wave);
    }

    private Path file() {
        return state.resolve("waves.json");
    }
}
