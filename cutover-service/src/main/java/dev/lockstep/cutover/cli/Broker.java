package dev.lockstep.cutover.cli;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.TopicSetup;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Migration;
import org.jspecify.annotations.Nullable;

/** Where a migration's messages are kept: the team's own Kafka, or one in this process with its data in the state directory. */
final class Broker implements AutoCloseable {

    final String bootstrap;
    final Topics topics;
    private final @Nullable EmbeddedKafka embedded;

    private Broker(String bootstrap, Topics topics, @Nullable EmbeddedKafka embedded) {
        this.bootstrap = bootstrap;
        this.topics = topics;
        this.embedded = embedded;
    }

    /** Starts it where it is our own, and makes the topics. */
    static Broker start(Migration migration, int lanes) {
        String own = migration.kafka().bootstrap();
        EmbeddedKafka embedded =
                own == null ? EmbeddedKafka.start(migration.state().resolve("kafka")) : null;
        Topics topics = new Topics(migration.name());
        Broker broker = new Broker(embedded == null ? String.valueOf(own) : embedded.bootstrap(), topics, embedded);
        try {
            TopicSetup.create(broker.bootstrap, topics, lanes);
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (embedded != null) embedded.close();
    }
}
