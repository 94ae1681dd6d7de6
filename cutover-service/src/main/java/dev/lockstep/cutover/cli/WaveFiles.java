package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.StateFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
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

    /** What DNS was like before a wave moved. */
    DnsFiles dns(String wave) {
        return new DnsFiles(state.resolve("waves").resolve(wave));
    }

    private Path file() {
        return state.resolve("waves.json");
    }
}
