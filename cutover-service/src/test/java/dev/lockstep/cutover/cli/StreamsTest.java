package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.schemas.message.Barrier.Direction;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.MigrationFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {

    @TempDir
    Path directory;

    /** Without lanes nothing is asked of the databases, which are not there. */
    @Test
    void carriesNothingAfterABeginThatHasFailedAndBeginsAnewWhenAskedAgain() throws Exception {
        Migration migration = MigrationFile.load(Files.writeString(directory.resolve("shop.yaml"), """
                migration: shop
                source: {url: "jdbc:postgresql://127.0.0.1:1/shop", user: u}
                target: {url: "jdbc:postgresql://127.0.0.1:1/shop", user: u}
                tables: {include: ["shop.*"]}
                """));
        List<Direction> begun = new ArrayList<>();
        boolean[] fails = {true};
        try (Streams streams = new Streams(
                migration,
                direction -> {
                    begun.add(direction);
                    if (fails[0] && direction == Direction.FORWARD) throw new IllegalStateException("Kafka is away");
                    return List.of();
                },
                false,
                Clock.systemUTC())) {
            assertThatThrownBy(() -> streams.carry(Direction.FORWARD)).hasMessage("Kafka is away");
            assertThatThrownBy(streams::carried).hasMessage("nothing is carried now");

            fails[0] = false;
            begun.clear();
            streams.carry(Direction.FORWARD);

            assertThat(streams.carried()).isEqualTo(Direction.FORWARD);
            assertThat(begun).containsExactlyInAnyOrder(Direction.REVERSE, Direction.FORWARD);
        }
    }
}
