package dev.lockstep.stream.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.schemas.embedded.EmbeddedKafka;
import dev.lockstep.schemas.message.Barrier;
import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.row.Row;
import dev.lockstep.schemas.row.Value;
import dev.lockstep.schemas.table.TableMapping;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that the target cannot take: each is named, with what the database says and what to do. */
class RefusedRowsIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    enum Engine {
        POSTGRES,
        MARIADB,
        MYSQL
    }

    private static final Map<Engine, TargetServer> SERVERS = new EnumMap<>(Engine.class);
    private static EmbeddedKafka kafka;

    private final String name = "refused" + NAMES.incrementAndGet();
    private final Topics topics = new Topics(name);

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        SERVERS.put(Engine.POSTGRES, TargetServer.postgres(directory.resolve("postgres")));
        SERVERS.put(Engine.MARIADB, TargetServer.mariaDb(directory.resolve("mariadb")));
        SERVERS.put(Engine.MYSQL, TargetServer.mySql(directory));
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        for (TargetServer server : SERVERS.values()) server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "POSTGRES, check,    23514, make the constraint there agree",
        "MARIADB,  check,    23000, make the constraint there agree",
        "MYSQL,    check,    HY000, make the constraint there agree",
        "POSTGRES, range,    22003, a type that holds this value",
        "MARIADB,  range,    22003, a type that holds this value",
        "MYSQL,    range,    22001, a type that holds this value",
        "POSTGRES, encoding, 22021, character set that holds this value",
        "MARIADB,  encoding, 22007, character set that holds this value",
        "MYSQL,    encoding, HY000, character set that holds this value",
        "POSTGRES, null,     23502, let the column take NULL",
        "MARIADB,  null,     23000, let the column take NULL",
        "MYSQL,    null,     23000, let the column take NULL",
        "POSTGRES, column,   42703, add the column there",
        "MARIADB,  column,   42S22, add the column there",
        "MYSQL,    column,   42S22, add the column there"
    })
    void stopsAtARowThatIsRefusedAndNamesItWithTheRemedy(Engine engine, String fault, String state, String remedy)
            throws Exception {
        // given
        Endpoint target = SERVERS.get(engine).database(name, "varchar(40)");
        Goods goods = Goods.create(target);
        if (fault.equals("column")) TableReads.execute(target, "alter table goods drop column small");
        goods.transact(() -> {
            for (long id = 100; id < 200; id++) goods.insert(id == 163 ? bad(engine, fault, id) : Goods.row(id));
        });

        try (LaneTopic topic = new LaneTopic(kafka.bootstrap(), topics)) {
            topic.writeAll(goods.entries);

            // when
            try (Applier applier = Applier.start(config(target, goods))) {
                await().atMost(LONG).until(() -> applier.failure().isPresent());

                // then
                assertThat(applier.failure().orElseThrow())
                        .isInstanceOf(ApplyException.class)
                        .hasMessageContaining(fault.equals("column") ? "table src.goods" : "table src.goods, key (163)")
                        .hasMessageContaining("SQLSTATE " + state)
                        .hasMessageContaining(remedy)
                        .message()
                        .as("no values of the row: messages end in logs")
                        .doesNotContain("no 163");
            }
        }
        assertThat(TargetServer.state(target, Destination.of(without(goods, fault), Side.SOURCE))
                        .rows())
                .isEmpty();
    }

    /** The table as it can be read there. */
    private static TableMapping without(Goods goods, String fault) {
        return fault.equals("column")
                ? new TableMapping(
                        goods.table.source(),
                        goods.table.target(),
                        goods.table.columns().subList(0, 3),
                        List.of(0),
                        0)
                : goods.table;
    }

    private static Row bad(Engine engine, String fault, long id) {
        return switch (fault) {
            case "check" -> Goods.row(id, Map.of("amount", new Value.Whole(1000)));
            case "range" -> Goods.row(id, Map.of("small", new Value.Whole(70_000)));
            case "null" -> Goods.row(id, Map.of("label", Value.NULL));
            case "encoding" ->
                Goods.row(id, Map.of("note", new Value.Text(engine == Engine.POSTGRES ? "a\0b" : "\u4e2d")));
            default -> Goods.row(id);
        };
    }

    private ApplyConfig config(Endpoint target, Goods goods) {
        return new ApplyConfig(
                kafka.bootstrap(),
                topics,
                Side.SOURCE,
                Barrier.Direction.FORWARD,
                target,
                List.of(goods.table),
                0,
                5000,
                Clock.systemUTC());
    }
}
