package dev.lockstep.cutover.flip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.demo.DemoDns;
import dev.lockstep.schemas.migration.Migration.DnsAtomicity;
import dev.lockstep.schemas.migration.Migration.DnsRules;
import dev.lockstep.schemas.migration.Migration.RecordRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract with a command as the writer, on the demo's name server. */
@SuppressWarnings("NullAway") // what a file leaves out
class CommandProviderTest extends DnsProviderContract {

    private static final Duration LONG = Duration.ofSeconds(60); // each run starts a virtual machine

    private final DemoDns dns = DemoDns.start("shop.test", Rules.KEY, Rules.SECRET, RECORDS);
    private String ending = "well";
    private Duration patience = LONG;

    @AfterEach
    void close() {
        dns.close();
    }

    @Override
    String primary() {
        return dns.address();
    }

    @Override
    List<String> servers() {
        return List.of(dns.address());
    }

    @Override
    DnsRules rules(List<String> servers, RecordRules... records) {
        return new DnsRules(
                "shop.test", null, command(), DnsAtomicity.ZONE_BATCH, servers, null, null, List.of(records));
    }

    @Override
    DnsProvider provider(DnsRules rules) {
        CommandProvider.Timeouts timeouts =
                new CommandProvider.Timeouts(Duration.ofSeconds(2), patience, Duration.ofMillis(500));
        return new CommandProvider(rules, Clock.systemUTC(), timeouts);
    }

    private List<String> command() {
        try {
            Path secret = Files.writeString(directory.resolve("secret"), Rules.SECRET);
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String path = System.getProperty("java.class.path");
            List<String> command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-cp", path));
            command.addAll(List.of(PlanScript.class.getName(), dns.address(), secret.toString(), ending));
            return command;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tellsTheAtomicityThatTheOperatorSaysItHas() {
        assertThat(provider().atomicity()).isEqualTo(DnsAtomicity.ZONE_BATCH);
    }

    @Test
    void saysWhatTheCommandSaidWhenItRefused() {
        ending = "refuse";
        DnsProvider provider = provider();

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.message()).contains("the zone is locked by somebody");
        assertThat(plan(provider).isDone()).isFalse();
    }

    @Test
    void believesTheServersAndNotACommandThatFailsAfterTheChange() {
        ending = "vanish";
        DnsProvider provider = provider();

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        assertThat(outcome.message()).contains("exit code 99");
        assertThat(plan(provider).isDone()).isTrue();
    }

    @Test
    void callsNoChangeMadeThatNoServerShows() {
        ending = "later";
        DnsProvider provider = provider();

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Pending.class);
        assertThat(outcome.isTaken()).isTrue();
    }

    @Test
    void doesNotGuessWhenTheCommandHangs() {
        ending = "hang";
        patience = Duration.ofSeconds(2);
        DnsProvider provider = provider();

        Outcome outcome = provider.apply(plan(provider));

        assertThat(outcome).isInstanceOf(Outcome.Unsettled.class);
        assertThat(outcome.message()).contains("was killed");
    }

    @Test
    void namesTheCommandThatIsNotThere() {
        DnsRules rules = new DnsRules(
                "shop.test", null, List.of("/nowhere/flip"), null, servers(), null, null, List.of(A, AAAA, WWW));
        DnsProvider provider = provider(rules);

        Outcome outcome = provider.apply(DnsPlan.flip(rules, provider.observe()));

        assertThat(outcome).isInstanceOf(Outcome.Unreachable.class);
        assertThat(outcome.message()).contains("/nowhere/flip");
        assertThat(provider.atomicity()).isEqualTo(DnsAtomicity.RECORD_SET);
    }
}
