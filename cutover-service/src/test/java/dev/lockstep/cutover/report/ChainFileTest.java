package dev.lockstep.cutover.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainFileTest {

    @TempDir
    Path directory;

    private final Point first = new Point(1, 100, 0, "ab".repeat(32));
    private final Point second = new Point(2, 200, 1, "cd".repeat(32));

    @Test
    void aLineThatAKillCutOffIsTakenAwayAndWrittenAnew() throws Exception {
        Path path = directory.resolve("chain");
        try (ChainFile file = ChainFile.open(path, point -> {})) {
            file.append(first);
            file.append(first);
        }
        Files.writeString(path, second.line().substring(0, 40), StandardOpenOption.APPEND);

        List<Point> known = new ArrayList<>();
        try (ChainFile file = ChainFile.open(path, known::add)) {
            assertThat(known).containsExactly(first);
            file.append(first);
            file.append(second);
        }
        assertThat(Files.readString(path)).isEqualTo(first.line() + second.line());
        assertThat(ChainFile.readAll(path)).containsExactly(first, second);
    }
}
