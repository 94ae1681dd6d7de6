package dev.lockstep.cutover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cutover.api.MadeUpStatus;
import dev.lockstep.cutover.api.Status.TableStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalViewTest {

    @Test
    void showsTheTablesThatDifferFirstWhereThereAreTooManyForTheScreen() {
        List<TableStatus> tables = new ArrayList<>();
        for (int i = 10; i < 40; i++) tables.add(table("shop.t" + i, i != 39));

        List<String> lines = TerminalView.tableLines(tables);

        assertThat(lines).hasSize(9);
        assertThat(lines.get(0)).contains("shop.t39").contains("DIFFERS in 1 rows");
        assertThat(lines.get(1)).contains("shop.t10").contains("equal");
        assertThat(lines.get(8)).contains("and 22 more");
    }

    @Test
    void tellsEachTroubleOnceWhereLinesStay() {
        var out = new ByteArrayOutputStream();
        TerminalView view = new TerminalView(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        Instant start = MadeUpStatus.START;

        view.show(MadeUpStatus.following(start, 120, "orders", List.of("cannot open the target: no answer")));
        view.show(MadeUpStatus.following(
                start.plusSeconds(6), 120, "orders", List.of("cannot open the target: no answer", "disk is full")));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("trouble: cannot open the target: no answer")
                .containsOnlyOnce("trouble: disk is full");
    }

    private static TableStatus table(String name, boolean equal) {
        return new TableStatus(name, 5, 5, "0a", equal ? "0a" : "0b", equal, equal ? 0 : 1);
    }
}
