package dev.lockstep.cutover.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.avro.CutoverEvent;
import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaJournalIT {

    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void restoresTheExactPhasesAfterARestart() {
        Topics topics = new Topics("restored");
        List<Transition> written;
        try (Journal journal = KafkaJournal.open(kafka.bootstrap(), topics)) {
            PhaseOwner owner = PhaseOwner.open(journal, "restored", CLOCK);
            throughTheCutover(owner);
            written = owner.history();
        }

        try (Journal journal = KafkaJournal.open(kafka.bootstrap(), topics)) {
            PhaseOwner owner = PhaseOwner.open(journal, "restored", CLOCK);

            assertThat(owner.current()).isInstanceOf(Open.class);
            assertThat(owner.history()).isEqualTo(written).hasSize(8);
        }
    }

    @Test
    void tellsWhetherItIsStillInChargeAndAddsNothingForThat() {
        Topics topics = new Topics("confirmed");
        try (Journal older = KafkaJournal.open(kafka.bootstrap(), topics)) {
            PhaseOwner owner = PhaseOwner.open(older, "confirmed", CLOCK);
            owner.confirm();
            owner.confirm();
            Prepared prepared = (Prepared) owner.current();
            owner.enter(prepared, prepared.copying(CLOCK.instant()), "on");
            assertThat(older.read()).hasSize(2);

            try (Journal newer = KafkaJournal.open(kafka.bootstrap(), topics)) {
                assertThatThrownBy(owner::confirm).isInstanceOf(FencedOffException.class);
                assertThat(newer.read()).hasSize(2);
            }
        }
    }

    @Test
    void doesNotTakeSilenceForBeingInCharge(@TempDir Path own) {
        EmbeddedKafka broker = EmbeddedKafka.start(own);
        try (Journal journal = KafkaJournal.open(broker.bootstrap(), new Topics("silent"), Duration.ofMillis(500))) {
            PhaseOwner owner = PhaseOwner.open(journal, "silent", CLOCK);
            broker.close();

            for (int attempt = 0; attempt < 2; attempt++)
                assertThatThrownBy(owner::confirm)
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining("start again");
        }
    }

    @Test
    void fencesOffTheOlderControllerSoThatItsTransitionFailsAndIsNowhere() {
        Topics topics = new Topics("contested");
        try (Journal older = KafkaJournal.open(kafka.bootstrap(), topics)) {
            PhaseOwner first = PhaseOwner.open(older, "contested", CLOCK);
            Prepared prepared = (Prepared) first.current();

            try (Journal newer = KafkaJournal.open(kafka.bootstrap(), topics)) {
                PhaseOwner second = PhaseOwner.open(newer, "contested", CLOCK);

                for (int attempt = 0; attempt < 2; attempt++)
                    assertThatThrownBy(() -> first.enter(prepared, prepared.copying(CLOCK.instant()), "old"))
                            .isInstanceOf(FencedOffException.class)
                            .hasMessageContaining("another controller has taken over migration contested");
                assertThat(first.current()).isEqualTo(prepared);
                assertThatThrownBy(first::confirm).isInstanceOf(FencedOffException.class);

                second.enter(second.current(), prepared.copying(CLOCK.instant()), "new");
                assertThat(newer.read())
                        .extracting(CutoverEvent::getReason)
                        .containsExactly("migration created", "new");
            }
        }
    }

    @Test
    void makesATopicInWhichNothingExpiresAndAcceptsTheOneThatIsThere() throws Exception {
        Topics topics = new Topics("kept");
        KafkaJournal.open(kafka.bootstrap(), topics).close();

        try (Admin admin = admin()) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, topics.journal());
            var config =
                    admin.describeConfigs(List.of(topic)).values().get(topic).get();
            assertThat(config.get("retention.ms").value()).isEqualTo("-1");
            assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        }
        Topics others = new Topics("others");
        TopicSetup.create(kafka.bootstrap(), others, 1);
        KafkaJournal.open(kafka.bootstrap(), others).close();
    }

    @Test
    void refusesATopicThatCouldLoseOrReorderEvents() throws Exception {
        Topics expiring = new Topics("expiring");
        Topics split = new Topics("split");
        try (Admin admin = admin()) {
            admin.createTopics(List.of(
                            new NewTopic(expiring.journal(), 1, (short) 1).configs(Map.of("retention.ms", "1000")),
                            new NewTopic(split.journal(), 2, (short) 1)))
                    .all()
                    .get();
        }

        assertThatThrownBy(() -> KafkaJournal.open(kafka.bootstrap(), expiring))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("retention.ms=1000; set it to -1");
        assertThatThrownBy(() -> KafkaJournal.open(kafka.bootstrap(), split))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("2 partitions");
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    private static void throughTheCutover(PhaseOwner owner) {
        Instant at = CLOCK.instant();
        Copying copying = owner.enter(owner.current(), new Prepared(at).copying(at), "start");
        Following following = owner.enter(copying, copying.following(at), "copied");
        Ready ready = owner.enter(following, following.ready(at, Duration.ofSeconds(30)), "gates held");
        Fenced fenced = owner.enter(ready, ready.fenced(at), "cutover begins");
        LastProof proof = new LastProof(1_777_636_799_600_000L, 6, 100_000, "0123456789abcdef0123456789abcdef");
        Drained drained = owner.enter(fenced, fenced.drained(at.plusMillis(400), proof), "proven");
        Flipped flipped = owner.enter(drained, drained.flipped(at.plusMillis(500), SimulatedWorld.DNS), "flipped");
        owner.enter(flipped, flipped.opened(at.plusMillis(600)), "opened");
    }
}
