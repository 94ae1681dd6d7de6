package dev.lockstep.cutover.flip;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the zone's servers say of the record sets that the rules name, each asked directly.
 *
 * @param zone absolute, with its final dot
 * @param at when the last answer was in
 * @param primary the server that takes updates
 * @param servers every authoritative server of the rules, in their order
 */
public record Observed(String zone, Instant at, View primary, List<View> servers) {

    public Observed {
        servers = List.copyOf(servers);
    }

    /** Every view, the primary's first. */
    public List<View> views() {
        List<View> views = new ArrayList<>(List.of(primary));
        servers.stream().filter(view -> !view.server().equals(primary.server())).forEach(views::add);
        return views;
    }

    /** Why what is seen is not all of it; empty: every server was read. */
    public List<String> unseen() {
        return views().stream()
                .filter(View.Unseen.class::isInstance)
                .map(view -> ((View.Unseen) view).reason())
                .distinct()
                .toList();
    }

    /** One server's answer. */
    public sealed interface View {

        /** {@code host:port}, as the rules name it. */
        String server();

        /**
         * An authoritative answer.
         *
         * @param serial of the zone's SOA, asked for together with the sets
         * @param sets one for each name and type that the rules name, absent ones too
         * @param others what else stands at these names and matters, as {@code name TYPE}
         */
        record Seen(String server, long serial, List<RecordSet> sets, List<String> others) implements View {
            public Seen {
                sets = List.copyOf(sets);
                others = List.copyOf(others);
            }

            /** Whether the set is there with these values, whatever its TTL. */
            boolean has(RecordSet set) {
                return find(set.name(), set.type())
                        .filter(now -> now.hasValues(set.values()))
                        .isPresent();
            }

            public Optional<RecordSet> find(String name, RecordType type) {
                return sets.stream()
                        .filter(set -> set.name().equals(name) && set.type() == type)
                        .findFirst();
            }
        }

        /** No answer that counts. The reason names the server. */
        record Unseen(String server, String reason) implements View {}
    }
}
