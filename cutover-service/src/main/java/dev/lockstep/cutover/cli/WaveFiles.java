package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

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

    private record Share(int percent) {}

    /** How much of a wave that moves by shares has been given away, or was about to be; empty: DNS tells. */
    OptionalInt share(String wave) {
        return StateFile.read(shareFile(wave), Share.class)
                .map(share -> OptionalInt.of(share.percent()))
                .orElse(OptionalInt.empty());
    }

    void share(String wave, int percent) {
        StateFile.write(shareFile(wave), new Share(percent));
    }

    void whole(String wave) {
        StateFile.delete(shareFile(wave));
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
