package dev.lockstep.cutover.api;

import dev.lockstep.cutover.watch.CheckState;
import dev.lockstep.cutover.watch.Straggler;
import dev.lockstep.cutover.watch.Stragglers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statuses for tests of what shows them. */
public final class MadeUpStatus {

    public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private MadeUpStatus() {}

    /** Following, with one row that differs and one figure that is not known. */
    static Status following(Instant at, long appliedMillis) {
        return following(at, appliedMillis, "orders");
    }

    static Status following(Instant at, long appliedMillis, String differing) {
        return following(at, appliedMillis, differing, List.of());
    }

    /** The same, with troubles. */
    public static Status following(Instant at, long appliedMillis, String differing, List<String> troubles) {
        Map<String, Status.StageLagStatus> lag = new LinkedHashMap<>();
        lag.put("captured", lag(38L));
        lag.put("applied", lag(appliedMillis));
        lag.put("proven", lag(null));
        return new Status(
                "shop",
                "FOLLOWING",
                at.minusSeconds(95),
                List.of(
                        new Status.PhaseEntry("PREPARED", at.minusSeconds(130), "preflight passed"),
                        new Status.PhaseEntry("COPYING", at.minusSeconds(128), "topics are there"),
                        new Status.PhaseEntry("FOLLOWING", at.minusSeconds(95), "the initial copy is applied")),
                "gates to open: mismatches: 1 mismatched row",
                new Status.Database("postgresql", "16.10"),
                new Status.Database("postgresql", "17.7"),
                new Status.Copy(100_000, 4.2, 23_810, null, null),
                new Status.Changes(18_422, 18_420, 604),
                lag,
                new Status.ProofStatus(
                        379,
                        at.minusMillis(640),
                        1,
                        List.of(table("shop.customers", 20_004, true), table("shop." + differing, 41_215, false)),
                        List.of("shop.parcels")),
                List.of(new Status.MismatchStatus("shop." + differing, "(4711)", "DIFFERS", at.minusSeconds(12))),
                new Status.ScanStatus(
                        "shop.customers",
                        210_000,
                        3.5,
                        "",
                        List.of(new Status.TableScan(
                                "shop." + differing,
                                at.minusSeconds(60),
                                at.minusSeconds(50),
                                true,
                                41_215,
                                41_215,
                                41_000L,
                                2_000,
                                3,
                                0,
                                1,
                                null,
                                List.of("index (name) is on the source alone"))),
                        1,
                        List.of(new Status.Difference(
                                "shop." + differing, "(4711)", "DIFFERS", List.of("price"), at.minusSeconds(55)))),
                new Status.DeadLetters(
                        1,
                        List.of(new Status.Letter(
                                "shop." + differing,
                                "(4711)",
                                "UPDATE",
                                2,
                                "23514",
                                "refused; make the constraint there agree with the other side's",
                                at.minusSeconds(12),
                                at.minusSeconds(3)))),
                List.of(
                        new Status.Gate("appliedLag", "OPEN", ""),
                        new Status.Gate("provenLag", "UNKNOWN", "proven lag is not measured yet"),
                        new Status.Gate("mismatches", "CLOSED", "1 mismatched row")),
                0,
                30,
                null,
                null,
                null,
                null,
                troubles,
                List.of(),
                new Status.QuietHour("03:00-04:00 UTC", 0.4, 61, 9),
                at.minusSeconds(131),
                at);
    }

    /** The same once the application writes on the target, with a client that does not know. */
    static Status soaking(Instant at, String client) {
        Status before = following(at, 120);
        return new Status(
                before.migration(),
                "SOAKING",
                before.phaseSince(),
                before.phases(),
                "your word: lockstep finish, or lockstep rollback",
                before.source(),
                before.target(),
                before.copy(),
                before.changes(),
                before.lag(),
                before.proof(),
                before.mismatches(),
                before.scan(),
                before.deadLetters(),
                List.of(),
                0,
                30,
                new Status.Cutover(748L, null),
                new Status.ForecastStatus("rollback", at.minusSeconds(20), 5, 730, 1_900, 10_000, true, ""),
                new Status.SoakStatus(
                        at.minusSeconds(90),
                        at.plusSeconds(259_200),
                        List.of("shop-proof-24h.html"),
                        new Stragglers(
                                at.minusSeconds(2), 1, List.of(new Straggler(client, "app", 1, 3, 12L, at, at)), ""),
                        new CheckState(at.minusSeconds(4), 2, "orders: 502", List.of(new CheckState.Run(false, 40))),
                        "the check failed twice"),
                null,
                before.troubles(),
                before.logs(),
                before.quietest(),
                before.startedAt(),
                at);
    }

    static Scanning noScans() {
        return new Scanning() {
            @Override
            public List<String> ask(List<String> tables, @Nullable Instant since) {
                return tables;
            }

            @Override
            public List<DifferingRow> rows() {
                return List.of(
                        new DifferingRow("shop.orders", "(4711)", "DIFFERS", "scan", List.of("price"), Instant.EPOCH));
            }

            @Override
            public List<RowValues> values(Choice choice) {
                return List.of();
            }

            @Override
            public int repair(Choice choice) {
                throw new IllegalStateException("a preview");
            }
        };
    }

    /** Nothing that is asked for is done. */
    static Actions noActions() {
        return new Actions(
                request -> Optional.of("a preview"),
                by -> Optional.of("a preview"),
                by -> Optional.of("a preview"),
                () -> Optional.of("a preview"),
                by -> Optional.of("a preview"),
                new Letters() {
                    @Override
                    public Optional<List<Status.Letter>> open() {
                        return Optional.empty();
                    }

                    @Override
                    public Outcome retry(Choice choice) {
                        return new Outcome(0, List.of());
                    }

                    @Override
                    public Outcome discard(Choice choice) {
                        return new Outcome(0, List.of());
                    }
                },
                noScans(),
                drills -> {
                    throw new IllegalStateException("a preview");
                },
                () -> new Status.Database("none", ""),
                () -> "");
    }

    private static Status.StageLagStatus lag(@Nullable Long millis) {
        return millis == null
                ? new Status.StageLagStatus(null, null, null, null, null, 30)
                : new Status.StageLagStatus(millis, millis / 2, millis, millis * 2, millis * 3, 30);
    }

    private static Status.TableStatus table(String name, long rows, boolean equal) {
        return new Status.TableStatus(
                name,
                rows,
                rows,
                "0123456789abcdef0123456789abcdef",
                equal ? "0123456789abcdef0123456789abcdef" : "fedcba9876543210fedcba9876543210",
                equal,
                equal ? 0 : 1);
    }
}
