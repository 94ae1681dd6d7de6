package dev.lockstep.cutover.api;

import dev.lockstep.stream.lag.LagSample;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Serves the dashboard with made-up figures until it is stopped, for work on the page. The first argument is the port. */
final class DashboardPreview {

    private static final int SECONDS = 420;

    private DashboardPreview() {}

    public static void main(String[] args) throws InterruptedException {
        try (ApiServer api = ApiServer.start(
                args.length > 0 ? Integer.parseInt(args[0]) : 0,
                () -> MadeUpStatus.following(Instant.now(), 90 + new Random().nextInt(200)),
                DashboardPreview::series,
                MadeUpStatus.noActions(),
                "preview")) {
            System.out.println(api.url());
            Thread.currentThread().join();
        }
    }

    private static List<LagSample> series() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<LagSample> samples = new ArrayList<>();
        for (int ago = SECONDS; ago > 0; ago--) samples.add(sample(now.minusSeconds(ago)));
        return samples;
    }

    /** The same at every call for the same second: noise, a stall of the applier, proof that begins later. */
    private static LagSample sample(Instant at) {
        Random noise = new Random(at.getEpochSecond() * 7919);
        noise.nextInt();
        long minute = at.getEpochSecond() % 180;
        long stall = minute > 150 && minute < 158 ? (minute - 150) * 400 : 0;
        long captured = 255 + noise.nextInt(60);
        long applied = captured + 40 + noise.nextInt(90) + stall;
        boolean proving = at.isAfter(Instant.now().minusSeconds(330));
        return new LagSample(
                at,
                Optional.of(Duration.ofMillis(captured)),
                Optional.of(Duration.ofMillis(applied)),
                proving ? Optional.of(Duration.ofMillis(applied + 120 + noise.nextInt(200))) : Optional.empty(),
                580 + noise.nextInt(60),
                stall > 0 ? 0 : 570 + noise.nextInt(80));
    }
}
