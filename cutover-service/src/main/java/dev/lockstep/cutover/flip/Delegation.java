package dev.lockstep.cutover.flip;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * A zone's servers as DNS itself names them: those that its parent delegates it to and those that the zone's own NS records name, as a
 * resolver may come by either way. Each address (IPv4, and IPv6 where a name has no other) is a server by itself. Looking costs some
 * questions to other people's servers, so what was found is good for a minute, and for
 * ten while it cannot be found anew.
 */
final class Delegation implements Authorities {

    private static final Duration FRESH = Duration.ofSeconds(60);
    private static final Duration USABLE = Duration.ofMinutes(10);

    private final Name zone;
    private final @Nullable ServerAddress primary;
    private final Questions questions;
    private final Clock clock;
    private @Nullable Found found;
    private Instant foundAt = Instant.EPOCH;
    private boolean looking;

    Delegation(Name zone, @Nullable ServerAddress primary, Questions questions, Clock clock) {
        this.zone = zone;
        this.primary = primary;
        this.questions = questions;
        this.clock = clock;
    }

    /** Whoever waits for an answer in the write pause must not wait for other people's servers: what is known is looked up anew beside. */
    @Override
    public synchronized Found find() {
        Duration age = Duration.between(foundAt, clock.instant());
        Found known = found;
        if (known == null || age.compareTo(USABLE) > 0) return keep(new Search().run());
        if (age.compareTo(FRESH) > 0 && !looking) {
            looking = true;
            Thread anew = new Thread(this::lookAnew, "dns-delegation");
            anew.setDaemon(true);
            anew.start();
        }
        return known;
    }

    private void lookAnew() {
        Found anew = new Search().run();
        synchronized (this) {
            keep(anew);
            looking = false;
        }
    }

    private Found keep(Found anew) {
        if (anew.missing().isEmpty()) {
            found = anew;
            foundAt = clock.instant();
        }
        return anew;
    }

    /** One look: gathers the servers' names with who named them, then their addresses. */
    private final class Search {

        private final Map<Name, TreeSet<String>> named = new TreeMap<>();
        private final Map<Name, List<String>> glue = new TreeMap<>();
        private final List<String> missing = new ArrayList<>();

        Found run() {
            askParent();
            askZone();
            if (named.isEmpty() && missing.isEmpty())
                missing.add("zone " + zone + " has no name servers, at its parent or in itself" + remedy());
            return new Found(primary, servers(), missing);
        }

        private void askParent() {
            if (zone.labels() < 2) return; // the root has none
            try {
                Name parent = questions.zoneOf(new Name(zone, 1));
                List<ServerAddress> servers = new ArrayList<>();
                for (Name server : questions.nameServers(parent))
                    for (String address : questions.addresses(server)) servers.add(questions.at(server, address));
                note(questions.firstAnswer(servers, zone), "the parent " + parent);
            } catch (IOException e) {
                missing.add("the delegation of zone " + zone + " cannot be read: " + e.getMessage() + remedy());
            }
        }

        private void askZone() {
            try {
                List<ServerAddress> asked = primary == null ? servers() : List.of(primary);
                Message answer = questions.firstAnswer(asked, zone);
                if (answer.getRcode() != Rcode.NOERROR)
                    throw new IOException("its servers say " + Rcode.string(answer.getRcode()));
                note(answer, "the zone itself");
            } catch (IOException e) {
                missing.add("the NS records of zone " + zone + " cannot be read: " + e.getMessage() + remedy());
            }
        }

        private void note(Message answer, String by) {
            for (Name server : Questions.nameServers(answer, zone))
                named.computeIfAbsent(server, name -> new TreeSet<>()).add(by);
            Questions.glue(answer).forEach(glue::putIfAbsent);
        }

        private List<ServerAddress> servers() {
            Map<Object, ServerAddress> servers = new LinkedHashMap<>();
            named.forEach((name, by) -> {
                try {
                    for (String address : addresses(name)) {
                        ServerAddress server = questions.at(name, address);
                        boolean known = primary != null && primary.resolve().equals(server.resolve());
                        servers.putIfAbsent(server.resolve(), known ? primary : server);
                    }
                } catch (IOException e) {
                    String reason = "name server " + name + " of zone " + zone + ", which " + String.join(" and ", by)
                            + " names, " + e.getMessage() + remedy();
                    if (!missing.contains(reason)) missing.add(reason);
                }
            });
            return List.copyOf(servers.values());
        }

        private List<String> addresses(Name name) throws IOException {
            List<String> known = glue.get(name);
            if (known != null) return known;
            if (primary != null && name.subdomain(zone)) return questions.addresses(primary, name);
            return questions.addresses(name);
        }

        private String remedy() {
            return "; mend it, or name every authoritative server in dns.servers";
        }
    }
}
