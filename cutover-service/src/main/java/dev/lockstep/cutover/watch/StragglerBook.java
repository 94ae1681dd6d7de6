package dev.lockstep.cutover.watch;

import dev.lockstep.cutover.watch.Sample.Client;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one picture out of samples. */
final class StragglerBook {

    /** Beyond so many, those that were seen longest ago are forgotten. */
    static final int MOST = 500;

    private final Map<Client, Straggler> known = new HashMap<>();
    /** What had been refused before it was watched is nothing of ours. */
    private @Nullable Map<Client, Long> before;

    /** A sample's place in what was seen so far. */
    Stragglers add(Sample sample, Instant at) {
        Map<Client, Long> counts = sample.refused().orElse(Map.of());
        if (before == null) before = Map.copyOf(counts);
        known.replaceAll((client, straggler) -> sessions(straggler, 0, straggler.refused(), straggler.lastSeen()));
        Set<Client> clients = new HashSet<>(sample.sessions().keySet());
        counts.forEach((client, count) -> {
            if (count > before(client)) clients.add(client);
        });
        for (Client client : clients) note(client, sample, at);
        forget();
        int sessions =
                sample.sessions().values().stream().mapToInt(Integer::intValue).sum();
        return new Stragglers(at, sessions, newestFirst(), "");
    }

    private void note(Client client, Sample sample, Instant at) {
        int sessions = sample.sessions().getOrDefault(client, 0);
        Long refused = sample.refused()
                .map(counts -> Math.max(0, counts.getOrDefault(client, 0L) - before(client)))
                .orElse(null);
        Straggler straggler = known.get(client);
        if (straggler == null) straggler = new Straggler(client.address(), client.user(), 0, 0, null, at, at);
        boolean seen = sessions > 0 || isMore(refused, straggler.refused());
        known.put(client, sessions(straggler, sessions, refused, seen ? at : straggler.lastSeen()));
    }

    private static boolean isMore(@Nullable Long now, @Nullable Long then) {
        return now != null && now > (then == null ? 0 : then);
    }

    private long before(Client client) {
        return before == null ? 0 : before.getOrDefault(client, 0L);
    }

    private static Straggler sessions(Straggler known, int sessions, @Nullable Long refused, Instant lastSeen) {
        return new Straggler(
                known.client(),
                known.user(),
                sessions,
                Math.max(known.most(), sessions),
                refused,
                known.firstSeen(),
                lastSeen);
    }

    private void forget() {
        if (known.size() <= MOST) return;
        for (Straggler old : newestFirst().subList(MOST, known.size()))
            known.remove(new Client(old.client(), old.user()));
    }

    private List<Straggler> newestFirst() {
        return known.values().stream()
                .sorted(Comparator.comparing(Straggler::lastSeen)
                        .reversed()
                        .thenComparing(Comparator.comparing(Straggler::sessions).reversed())
                        .thenComparing(Straggler::client)
                        .thenComparing(Straggler::user))
                .toList();
    }
}
