package dev.lockstep.cutover.flip;

import dev.lockstep.cutover.flip.Observed.View;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Serial;

/** Looks at all of a zone's servers, side by side so that a slow one does not make the others look late, and again until they show a plan. */
final class Watch {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final ZoneReader reader;
    private final Authorities authorities;
    private final Clock clock;

    Watch(ZoneReader reader, Authorities authorities, Clock clock) {
        this.reader = reader;
        this.authorities = authorities;
        this.clock = clock;
    }

    /** Of the servers that the rules name, or where they name none of those that DNS does. */
    static Watch of(
            DnsRules rules, @Nullable ServerAddress primary, Questions questions, Duration timeout, Clock clock) {
        Name zone = Spelling.parse(rules.zone()).canonicalize();
        Authorities authorities = rules.servers().isEmpty()
                ? new Delegation(zone, primary, questions, clock)
                : Authorities.named(primary, rules.servers());
        return new Watch(new ZoneReader(zone, Wanted.of(rules), timeout), authorities, clock);
    }

    Observed observe(String zone) {
        Authorities.Found found = authorities.find();
        Map<ServerAddress, View> views = look(found.all());
        List<View> authoritative = new ArrayList<>();
        for (ServerAddress server : found.servers()) authoritative.add(view(views, server));
        found.missing().forEach(reason -> authoritative.add(new View.Unseen("zone " + zone, reason)));
        View primary = found.all().isEmpty()
                ? new View.Unseen("zone " + zone, String.join("; ", found.missing()))
                : view(views, found.primary());
        return new Observed(zone, clock.instant(), primary, authoritative);
    }

    /** Whether the primary has shown the plan within the time; it is asked once at least. */
    boolean awaitPrimary(DnsPlan plan, Duration deadline) {
        Authorities.Found found = authorities.find();
        return !found.all().isEmpty()
                && await(plan, new Authorities.Found(found.primary(), List.of(), List.of()), deadline)
                        .everywhere();
    }

    ReadBack await(DnsPlan plan, Duration deadline) {
        return await(plan, authorities.find(), deadline);
    }

    private ReadBack await(DnsPlan plan, Authorities.Found found, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        Progress progress = new Progress(plan, found);
        Duration pause = PAUSE;
        while (true) {
            look(progress.open()).forEach(progress::add);
            ReadBack result = progress.result();
            if (result.everywhere() || System.nanoTime() + pause.toNanos() > end || !rest(pause)) return result;
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Map<ServerAddress, View> look(List<ServerAddress> asked) {
        if (asked.isEmpty()) return Map.of();
        ExecutorService threads = Executors.newFixedThreadPool(asked.size(), Watch::daemon);
        try {
            Map<ServerAddress, CompletableFuture<View>> reads = new LinkedHashMap<>();
            asked.forEach(s -> reads.put(s, CompletableFuture.supplyAsync(() -> reader.read(s), threads)));
            Map<ServerAddress, View> views = new LinkedHashMap<>();
            reads.forEach((server, read) -> views.put(server, read.join()));
            return views;
        } finally {
            threads.shutdown();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "dns-read");
        thread.setDaemon(true);
        return thread;
    }

    /** What a view lacks of a plan; empty: nothing. */
    static String lacking(DnsPlan plan, View view) {
        if (!(view instanceof View.Seen seen)) return ((View.Unseen) view).reason();
        for (DnsPlan.Change change : plan.changes()) {
            RecordSet after = change.after();
            RecordSet now = seen.find(after.name(), after.type()).orElse(null);
            if (now == null) return "dns server " + seen.server() + " was not asked for " + after.key();
            if (!now.hasValues(after.values()) || (!after.isAbsent() && now.ttl() != after.ttl()))
                return "dns server " + seen.server() + " (serial " + seen.serial() + ") shows " + now + ", not "
                        + after.contents();
        }
        return "";
    }

    private static View view(Map<ServerAddress, View> views, ServerAddress server) {
        View view = views.get(server);
        if (view == null) throw new IllegalStateException("not asked: " + server);
        return view;
    }

    private static boolean rest(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Who has shown it so far. A server counts once its sets are as planned and its serial is not older than the primary's was when the
     * primary first showed them: old data that happens to look like the plan's does not count, in whatever order the servers are read.
     */
    private final class Progress {

        private final DnsPlan plan;
        private final Authorities.Found found;
        private final Map<ServerAddress, ReadBack.Server> states = new LinkedHashMap<>();
        private long requiredSerial;
        private boolean primaryShows;

        Progress(DnsPlan plan, Authorities.Found found) {
            this.plan = plan;
            this.found = found;
            this.requiredSerial = plan.serial();
            found.all()
                    .forEach(s -> states.put(
                            s, new ReadBack.Server(s.toString(), null, null, "dns server " + s + " was not read")));
        }

        /** Who is still to show it, the primary first. */
        List<ServerAddress> open() {
            return states.entrySet().stream()
                    .filter(state -> state.getValue().shownAt() == null)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        void add(ServerAddress server, View view) {
            String missing = lacking(plan, view);
            @Nullable Long serial = view instanceof View.Seen seen ? seen.serial() : null;
            if (missing.isEmpty() && serial != null && Serial.compare(serial, requiredSerial) < 0)
                missing = "dns server " + server + " is at serial " + serial + ", older than " + requiredSerial;
            if (missing.isEmpty() && !primaryShows && !server.equals(found.primary()))
                missing = "dns server " + server + " shows it, but the primary does not";
            @Nullable Instant shownAt = missing.isEmpty() ? clock.instant() : null;
            states.put(server, new ReadBack.Server(server.toString(), serial, shownAt, missing));
            if (server.equals(found.primary()) && shownAt != null && serial != null) {
                primaryShows = true;
                requiredSerial = serial;
            }
        }

        ReadBack result() {
            List<ReadBack.Server> servers = new ArrayList<>(states.values());
            found.missing().forEach(reason -> servers.add(new ReadBack.Server(plan.zone(), null, null, reason)));
            return new ReadBack(servers, plan.drainTime());
        }
    }
}
