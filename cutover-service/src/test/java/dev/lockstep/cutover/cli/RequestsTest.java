package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.phase.Conductor;
import dev.lockstep.cutover.phase.Copying;
import dev.lockstep.cutover.phase.DnsChange;
import dev.lockstep.cutover.phase.Drained;
import dev.lockstep.cutover.phase.Fenced;
import dev.lockstep.cutover.phase.Flipped;
import dev.lockstep.cutover.phase.Following;
import dev.lockstep.cutover.phase.LastProof;
import dev.lockstep.cutover.phase.PhaseOwner;
import dev.lockstep.cutover.phase.Prepared;
import dev.lockstep.cutover.phase.Ready;
import dev.lockstep.cutover.phase.Rest;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to who asks for a rollback of a migration without a way back, as its cutover goes on. */
class RequestsTest {

    @Test
    @SuppressWarnings("NullAway") // no part of these is asked
    void saysYesToARollbackWithoutAWayBackOnlyWhileTheMoveCanBeGivenUp(@TempDir Path directory) throws IOException {
        Migration migration = MigrationFile.load(Files.writeString(directory.resolve("migration.yaml"), """
                migration: shop
                source: {url: "jdbc:postgresql://127.0.0.1:1/a", user: u}
                target: {url: "jdbc:postgresql://127.0.0.1:1/b", user: u}
                cutover: {wayBack: false}
                """));
        Clock clock = Clock.systemUTC();
        PhaseOwner owner = PhaseOwner.open(new KeptJournal(), "shop", clock);
        Requests requests = new Requests(
                migration,
                owner,
                null,
                new Readiness(migration.cutover(), owner),
                new Conductor(owner, null, migration.cutover(), clock, Rest.sleeping(), trouble -> true),
                null,
                null,
                clock);
        Instant at = clock.instant();
        Copying copying = owner.enter(owner.current(), new Prepared(at).copying(at), "begins");
        Following following = owner.enter(copying, copying.following(at), "copied");

        Ready ready = owner.enter(following, following.ready(at, Duration.ZERO), "gates held");
        assertThat(requests.rollback("me")).isEmpty();
        Fenced fenced = owner.enter(ready, ready.fenced(at), "begins");
        assertThat(requests.rollback("me")).isEmpty();
        LastProof proof = new LastProof(1_777_636_799_600_000L, 6, 100_000, "0123456789abcdef0123456789abcdef");
        Drained drained = owner.enter(fenced, fenced.drained(at, proof), "proven");
        assertThat(requests.rollback("me"))
                .hasValueSatisfying(why ->
                        assertThat(why).contains("DNS may name the target by now, and the migration has no way back"));
        Flipped flipped = owner.enter(drained, drained.flipped(at, DnsChange.NONE), "flipped");
        assertThat(requests.rollback("me"))
                .hasValueSatisfying(why -> assertThat(why).contains("has no way back"));
        owner.enter(flipped, flipped.opened(at), "opened");
        assertThat(requests.rollback("me"))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("the application writes on the target, and the migration has no way back"));
    }
}
