package dev.lockstep.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.table.Kind;
import dev.lockstep.schemas.table.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedServersIT {

    @TempDir
    Path directory;

    @Test
    void kafkaKeepsItsRecordsOverARestart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("kept", "row".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                var consumer = new KafkaConsumer<>(
                        settings(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition("kept", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(Duration.ofSeconds(30))).hasSize(1);
        }
    }

    private static Properties settings(EmbeddedKafka kafka) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrap());
        return settings;
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    void readsAPostgresCatalog(int major) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, major, "127.0.0.2")) {
            postgres.createDatabase("shop");
            Endpoint endpoint = new Endpoint(postgres.url("shop"), "postgres", null);

            List<Table> tables = tables(endpoint, "create schema shop", "create type shop.mood as enum ('calm')", """
                    create table shop.item (b int, a bigint, mood shop.mood, doc jsonb, price numeric(12,2), twice int generated always as (b * 2) stored,
                      at timestamptz, on_day date, hour timetz, primary key (a, b))""");

            assertThat(tables).singleElement().satisfies(table -> {
                assertThat(table.primaryKey()).containsExactly("a", "b");
                assertThat(table.columns())
                        .extracting("name", "kind", "generated")
                        .contains(
                                tuple("mood", Kind.TEXT, false),
                                tuple("doc", Kind.JSON, false),
                                tuple("twice", Kind.NUMBER, true),
                                tuple("at", Kind.INSTANT, false),
                                tuple("hour", null, false));
            });
        }
    }

    @Test
    void readsAMariaDbCatalog() throws Exception {
        try (EmbeddedMariaDb mariaDb = EmbeddedMariaDb.start(directory, "127.0.0.2")) {
            mariaDb.createDatabase("shop");
            Endpoint endpoint = new Endpoint(mariaDb.url("shop"), "root", null);

            List<Table> tables = tables(endpoint, """
                    create table item (b int, a bigint, doc json, flag tinyint(1), twice int generated always as (b * 2) stored,
                      at timestamp(6) not null default current_timestamp(6), moment datetime(3), code char(3), primary key (a, b))""");

            assertThat(tables).singleElement().satisfies(table -> {
                assertThat(table.id()).hasToString("shop.item");
                assertThat(table.primaryKey()).containsExactly("a", "b");
                assertThat(table.columns())
                        .extracting("name", "kind", "generated")
                        .containsExactly(
                                tuple("b", Kind.NUMBER, false),
                                tuple("a", Kind.NUMBER, false),
                                tuple("doc", Kind.JSON, false),
                                tuple("flag", Kind.NUMBER, false),
                                tuple("twice", Kind.NUMBER, true),
                                tuple("at", Kind.INSTANT, false),
                                tuple("moment", Kind.LOCAL_TIMESTAMP, false),
                                tuple("code", Kind.PADDED_TEXT, false));
            });
        }
    }

    private static List<Table> tables(Endpoint endpoint, String... ddl) throws SQLException {
        try (var connection = endpoint.connect();
                var statement = connection.createStatement()) {
            for (String line : ddl) statement.execute(line);
            return endpoint.dialect().readTables(connection);
        }
    }
}
