package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.migration.SoakRules.CheckRules;
import dev.lockstep.schemas.migration.SoakRules.Then;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One migration, as its file says it. Everything that has a sensible default has one.
 *
 * @param name names topics, connectors, slots and journal entries: lower-case letters, digits, dashes
 * @param inventory what else hangs on the source; none: nobody looks
 * @param dns the zones that move the traffic, in the order in which they are changed; none: the operator moves it. In the file one of them
 *     may stand there without a list
 * @param waves names that move before the cutover, in this order
 * @param state directory for what the embedded parts keep between runs
 * @param origin where it was read from
 */
@JsonIgnoreProperties("origin")
public record Migration(
        @JsonProperty(value = "migration", required = true) String name,
        @JsonProperty(required = true) Endpoint source,
        @JsonProperty(required = true) Endpoint target,
        TableRules tables,
        LaneRules lanes,
        BarrierRules barrier,
        CopyRules copy,
        LogRules log,
        ApplyRules apply,
        ScanRules scan,
        ProofRules proof,
        KafkaRules kafka,
        CutoverRules cutover,
        SoakRules soak,

        @Nullable InventoryRules inventory,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<DnsRules> dns,

        List<WaveRules> waves,
        ApiRules api,
        Path state,
        Origin origin) {

    @SuppressWarnings("NullAway") // what the file leaves out arrives as null, and leaves here as its default
    public Migration {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,30}"))
            throw new IllegalArgumentException(
                    "migration: up to 31 lower-case letters, digits and dashes, not '" + name + "'");
        tables = tables == null ? TableRules.ALL : tables;
        lanes = lanes == null ? LaneRules.ONE : lanes;
        barrier = barrier == null ? new BarrierRules(null) : barrier;
        copy = copy == null ? CopyRules.DEFAULT : copy;
        log = log == null ? new LogRules(0) : log;
        apply = apply == null ? ApplyRules.DEFAULT : apply;
        scan = scan == null ? new ScanRules(null, null, 0) : scan;
        proof = proof == null ? new ProofRules(false) : proof;
        kafka = kafka == null ? new KafkaRules(null, null) : kafka;
        cutover = cutover == null ? CutoverRules.DEFAULT : cutover;
        soak = soak == null ? SoakRules.DEFAULT : soak;
        refuseWhatCannotGoBack(soak, cutover);
        dns = dns == null ? List.of() : List.copyOf(dns);
        refuseZonesTwice(dns);
        waves = waves == null ? List.of() : List.copyOf(waves);
        WaveRules.refuseWhatMovesTwice(dns, waves);
        api = api == null ? new ApiRules(0) : api;
        state = state == null ? Path.of(".lockstep", name) : state;
        origin = origin == null ? Origin.NONE : origin;
    }

    Migration readFrom(Origin origin) {
        return new Migration(
                name, source, target, tables, lanes, barrier, copy, log, apply, scan, proof, kafka, cutover, soak,
                inventory, dns, waves, api, state, origin);
    }

    private static void refuseWhatCannotGoBack(SoakRules soak, CutoverRules cutover) {
        if (soak.mayRollBack() && !cutover.keepsWayBack())
            throw new IllegalArgumentException(
                    "soak: nothing can take the traffic back with cutover.wayBack: false; leave rollbackOn and 'then: rollback' out");
        Duration lag = soak.rollbackOn().lag();
        if (lag != null && lag.compareTo(cutover.maxProvenLag()) >= 0)
            throw new IllegalArgumentException("soak.rollbackOn.lag: less than cutover.maxProvenLag ("
                    + cutover.maxProvenLag().toMillis() + "ms), beyond which the way back is closed");
    }

    /** One of the two databases. */
    public Endpoint on(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /**
     * @param interval time between barriers; the lag's resolution and the proof's rhythm
     */
    public record BarrierRules(Duration interval) {
        public BarrierRules {
            interval = interval == null ? Duration.ofMillis(250) : interval;
            if (interval.toMillis() < 20) throw new IllegalArgumentException("barrier.interval: at least 20ms");
        }
    }

    /**
     * How hard the initial copy may draw on the database that it reads.
     *
     * @param parallelism connections that read at once
     * @param maxRowsPerSecond of all of them together; 0: no bound
     * @param maxSourceSessions it pauses while more sessions than that, its own aside, are at work in the database; 0: never
     */
    public record CopyRules(int parallelism, long maxRowsPerSecond, int maxSourceSessions) {

        /** The most connections that one copy takes. */
        public static final int MAX_PARALLELISM = 16;

        public static final CopyRules DEFAULT = new CopyRules(0, 0, 0);

        public CopyRules {
            parallelism = parallelism == 0 ? 2 : parallelism;
            if (parallelism < 1 || parallelism > MAX_PARALLELISM)
                throw new IllegalArgumentException("copy.parallelism: from 1 to " + MAX_PARALLELISM);
            if (maxRowsPerSecond < 0) throw new IllegalArgumentException("copy.maxRowsPerSecond: at least 1");
            if (maxSourceSessions < 0) throw new IllegalArgumentException("copy.maxSourceSessions: at least 1");
        }

        /** What one of several lanes may draw, so that all together keep to it; a connection each they must have. */
        public CopyRules shared(int lanes) {
            return new CopyRules(Math.max(1, parallelism / lanes), share(maxRowsPerSecond, lanes), maxSourceSessions);
        }
    }

    /**
     * @param warnMegabytes of its log that a PostgreSQL server may keep for a capture before status, page and metrics warn
     */
    public record LogRules(int warnMegabytes) {
        public LogRules {
            warnMegabytes = warnMegabytes == 0 ? 2048 : warnMegabytes;
            if (warnMegabytes < 1) throw new IllegalArgumentException("log.warnMegabytes: at least 1");
        }

        public long warnBytes() {
            return warnMegabytes * 1024L * 1024;
        }
    }

    /** What becomes of a row that the target refuses. */
    public enum RefusedRows {
        /** Applying stops there, until an operator has mended something. */
        STOP,
        /** It is set aside, with all later changes of it, and the others go on. */
        QUARANTINE
    }

    /** What becomes of tables whose rows a foreign key of the source changes without a word in its log. */
    public enum Cascades {
        /** The migration does not begin with them. */
        REFUSE,
        /** The applier makes on the target what the key made on the source; a scan proves these tables. */
        TARGET
    }

    /**
     * @param batchRows changes that one target transaction takes at most, before the end of a source transaction is sought
     * @param maxRowsPerSecond copied rows and changes that the target is given; 0: no bound
     */
    public record ApplyRules(int batchRows, long maxRowsPerSecond, RefusedRows refusedRows, Cascades cascades) {

        public static final ApplyRules DEFAULT = new ApplyRules(0, 0, RefusedRows.STOP, Cascades.REFUSE);

        @SuppressWarnings("NullAway") // as above
        public ApplyRules {
            batchRows = batchRows == 0 ? 5000 : batchRows;
            refusedRows = refusedRows == null ? RefusedRows.STOP : refusedRows;
            cascades = cascades == null ? Cascades.REFUSE : cascades;
            if (cascades == Cascades.TARGET && refusedRows == RefusedRows.QUARANTINE)
                throw new IllegalArgumentException(
                        "apply.cascades: target goes with refusedRows: stop alone; a row that is"
                                + " set aside is not on the target, where a cascade would have to find it");
            if (batchRows < 1) throw new IllegalArgumentException("apply.batchRows: at least 1");
            if (maxRowsPerSecond < 0) throw new IllegalArgumentException("apply.maxRowsPerSecond: at least 1");
        }

        /** What one of several lanes may give the target, so that all together keep to it. */
        public ApplyRules shared(int lanes) {
            return new ApplyRules(batchRows, share(maxRowsPerSecond, lanes), refusedRows, cascades);
        }
    }

    /**
     * @param cluster whether the proof runs on a Flink cluster of the team's own, where somebody submits it
     */
    public record ProofRules(boolean cluster) {}

    /**
     * @param every how long after a table's last scan began the next one does; 0: when somebody asks, after the first
     * @param maxAge the age, from its beginning, of the oldest table's scan with which traffic may move
     * @param maxRowsPerSecond of each side; 0: no bound
     */
    public record ScanRules(Duration every, Duration maxAge, long maxRowsPerSecond) {
        public ScanRules {
            every = every == null ? Duration.ofHours(24) : every;
            maxAge = maxAge == null ? Duration.ofDays(7) : maxAge;
            if (every.isNegative()) throw new IllegalArgumentException("scan.every: 0s or more");
            if (maxAge.isNegative() || maxAge.isZero()) throw new IllegalArgumentException("scan.maxAge: more than 0s");
            if (maxRowsPerSecond < 0) throw new IllegalArgumentException("scan.maxRowsPerSecond: at least 1");
        }
    }

    private static long share(long bound, int lanes) {
        return bound == 0 ? 0 : Math.max(1, bound / lanes);
    }

    /**
     * @param bootstrap the team's own cluster; none: one in-process
     * @param connect URL of the team's own Connect cluster; none: a worker in-process
     */
    public record KafkaRules(
            @Nullable String bootstrap, @Nullable String connect) {}

    /** Whether the traffic moves by itself once all gates have held. */
    public enum Mode {
        MANUAL,
        AUTO
    }

    /** What becomes of transactions that outlast the wait for them. */
    public enum LongTransactions {
        /** The fence ends them: their sessions go, and what they wrote is undone. */
        END,
        /** The cutover is given up, before the fence is raised. */
        ABORT
    }

    /**
     * @param hold how long all gates must have been open
     * @param maxAppliedLag bound on the p99 over the hold time, and now
     * @param maxProvenLag bound on the p99 over the hold time, and now
     * @param writePauseBudget the longest that writes may stand still before the cutover gives up by itself
     * @param applicationUser whom the fence keeps out; a probe write as this user must be refused
     * @param applicationPassword of that user
     * @param guardTarget whether the application is kept off the target until it is opened
     * @param wayBack whether what is written on the target after the cutover is carried back to the source, so that the traffic can go back
     * @param window when a cutover may begin; none: at any time
     * @param longTransactions what becomes of transactions that are still open when the fence is due
     * @param longTransactionLimit how long they are waited for before that, and before the write pause
     * @param fence how each side is fenced
     * @param check an operator's own that must pass before the traffic moves; none: nothing is run
     */
    public record CutoverRules(
            Mode mode,
            Duration hold,
            Duration maxAppliedLag,
            Duration maxProvenLag,
            Duration writePauseBudget,
            @Nullable String applicationUser,
            @Nullable Secret applicationPassword,
            @Nullable Boolean guardTarget,
            @Nullable Boolean wayBack,
            @Nullable WindowRules window,
            LongTransactions longTransactions,
            Duration longTransactionLimit,
            FenceRules.Sides fence,
            @Nullable CheckRules check) {

        @SuppressWarnings("NullAway") // as above
        public static final CutoverRules DEFAULT = application(null, null, null);

        /** All defaults but these. */
        @SuppressWarnings("NullAway") // as above
        public static CutoverRules application(
                @Nullable String user, @Nullable Secret password, @Nullable Duration writePauseBudget) {
            return new CutoverRules(
                    null, null, null, null, writePauseBudget, user, password, null, null, null, null, null, null, null);
        }

        @SuppressWarnings("NullAway") // as above
        public CutoverRules {
            mode = mode == null ? Mode.MANUAL : mode;
            hold = hold == null ? Duration.ofSeconds(30) : hold;
            maxAppliedLag = maxAppliedLag == null ? Duration.ofSeconds(2) : maxAppliedLag;
            maxProvenLag = maxProvenLag == null ? Duration.ofSeconds(5) : maxProvenLag;
            writePauseBudget = writePauseBudget == null ? Duration.ofSeconds(10) : writePauseBudget;
            guardTarget = guardTarget == null ? Boolean.TRUE : guardTarget;
            wayBack = wayBack == null ? Boolean.TRUE : wayBack;
            longTransactions = longTransactions == null ? LongTransactions.END : longTransactions;
            longTransactionLimit = longTransactionLimit == null ? Duration.ofSeconds(10) : longTransactionLimit;
            fence = fence == null ? new FenceRules.Sides(null, null) : fence;
            if (check != null && check.then() == Then.ROLLBACK)
                throw new IllegalArgumentException(
                        "cutover.check.then: there is nothing to take back before the cutover");
            if (applicationUser == null
                    && (fence.source().isCommand() || fence.target().isCommand()))
                throw new IllegalArgumentException("cutover.fence: what a command does is proven by a write as the"
                        + " application; set cutover.applicationUser and applicationPassword");
        }

        /** Whose clocks cutovers go by: the window's; without one UTC. */
        public ZoneId zone() {
            return window == null ? ZoneOffset.UTC : window.zoneId();
        }

        /** {@link #wayBack}, which is never absent here. */
        public boolean keepsWayBack() {
            return Boolean.TRUE.equals(wayBack);
        }
    }

    /** One spelling for a name of DNS. */
    static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    }

    static void refuseZonesTwice(List<DnsRules> dns) {
        Set<String> seen = new HashSet<>();
        for (DnsRules zone : dns)
            if (!seen.add(canonical(zone.zone())))
                throw new IllegalArgumentException(
                        "dns: zone " + zone.zone() + " stands there twice; put its records in one");
    }

    /** How much of a change a provider makes at once. */
    public enum DnsAtomicity {
        /** Compare-and-swap of all record sets at once: all change, or none, and none if any differed. */
        ZONE_COMPARE_AND_SWAP,
        /** All record sets change at once, or none; a writer in between is overwritten. */
        ZONE_BATCH,
        /** Each record set by itself: readers may see a mixture, and a failure may leave one. */
        RECORD_SET
    }

    /**
     * A zone that moves the traffic, updated as RFC 2136 says or by a command of the operator's.
     *
     * @param primary {@code host:port} of the server that takes updates; none: the command makes them
     * @param command program and arguments that change the zone; none: the primary takes updates
     * @param atomicity what the command does at once
     * @param servers {@code host:port} of every authoritative server, each read back; none: they are found by the zone's delegation and its
     *     own NS records
     * @param lowTtl the longest that caches may keep a record set that moves, as the traffic begins to
     */
    public record DnsRules(
            @JsonProperty(required = true) String zone,
            @Nullable String primary,
            List<String> command,
            DnsAtomicity atomicity,
            List<String> servers,
            @Nullable TsigRules key,
            Duration lowTtl,
            @JsonProperty(required = true) List<RecordRules> records) {

        @SuppressWarnings("NullAway") // as above
        public DnsRules {
            command = command == null ? List.of() : List.copyOf(command);
            atomicity = atomicity == null ? DnsAtomicity.RECORD_SET : atomicity;
            servers = servers == null ? List.of() : List.copyOf(servers);
            lowTtl = lowTtl == null ? Duration.ofSeconds(60) : lowTtl;
            if ((primary == null) == command.isEmpty())
                throw new IllegalArgumentException("dns: zone " + zone
                        + " needs either a primary, which takes updates, or a command, which makes them");
            if (primary == null && key != null)
                throw new IllegalArgumentException("dns.key: a command signs nothing; give it the key yourself");
            if (lowTtl.toSeconds() < 1) throw new IllegalArgumentException("dns.lowTtl: at least 1s");
        }

        /**
         * The way back: each record set from what it holds after to what it held before. One that comes into being again is to be cached
         * shortly, as the traffic may move once more.
         */
        public DnsRules reversed() {
            return new DnsRules(
                    zone,
                    primary,
                    command,
                    atomicity,
                    servers,
                    key,
                    lowTtl,
                    records.stream().map(record -> record.reversed(lowTtl)).toList());
        }
    }

    /**
     * @param algorithm as RFC 8945 names it: {@code hmac-sha256}
     * @param secret base64
     */
    public record TsigRules(
            @JsonProperty(required = true) String name,
            String algorithm,
            @JsonProperty(required = true) Secret secret) {
        public TsigRules {
            algorithm = algorithm == null ? "hmac-sha256" : algorithm;
        }
    }

    /**
     * One record set that the flip changes.
     *
     * @param type A, AAAA or CNAME
     * @param from the values it must hold before
     * @param to the values it holds after
     * @param ttl seconds that the set has after the flip; none: as before
     */
    public record RecordRules(
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String type,
            @JsonProperty(required = true) List<String> from,
            @JsonProperty(required = true) List<String> to,
            @Nullable Long ttl) {

        RecordRules reversed(Duration lowTtl) {
            return new RecordRules(name, type, to, from, to.isEmpty() ? (Long) lowTtl.toSeconds() : null);
        }
    }

    /**
     * @param port of the API and dashboard on loopback; 0: a free one
     */
    public record ApiRules(int port) {}
}
