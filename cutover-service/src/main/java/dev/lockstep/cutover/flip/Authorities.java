package dev.lockstep.cutover.flip;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which servers answer for a zone. */
interface Authorities {

    /**
     * @param first who takes updates, hidden or not; without such a server, none
     * @param servers every authoritative server, each once
     * @param missing why the list may lack some, each with its name and remedy; empty: it is whole
     */
    record Found(@Nullable ServerAddress first, List<ServerAddress> servers, List<String> missing) {

        public Found {
            servers = List.copyOf(servers);
            missing = List.copyOf(missing);
        }

        /** Whose word comes first: who takes updates, or where none does the first of all. */
        ServerAddress primary() {
            return first == null ? servers.get(0) : first;
        }

        /** Who is to be read, the primary first. */
        List<ServerAddress> all() {
            List<ServerAddress> all = new ArrayList<>(servers);
            if (first != null) {
                all.remove(first);
                all.add(0, first);
            }
            return all;
        }
    }

    /** In bounded time; what cannot be found out is said, not thrown. */
    Found find();

    /** Those that the rules name. */
    static Authorities named(@Nullable ServerAddress primary, List<String> servers) {
        Found found = new Found(
                primary, servers.stream().map(ServerAddress::parse).distinct().toList(), List.of());
        return () -> found;
    }
}
