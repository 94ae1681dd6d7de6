package dev.lockstep.schemas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.table.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manual's type matrix is the one that the tests carry on real servers. */
class TypesDocTest {

    private static final Path MANUAL = Path.of("..", "docs", "types.md");

    @Test
    void theManualHoldsTheTestedMatrix() throws IOException {
        String manual = Files.readString(MANUAL);

        assertThat(manual).contains(table(PostgresTypeCases.ALL));
        assertThat(manual).contains(table(MySqlTypeCases.MYSQL));
        assertThat(manual).contains(table(MySqlTypeCases.MARIADB_ALONE));
    }

    @Test
    void theManualSaysHowEveryKindIsCarried() throws IOException {
        String manual = Files.readString(MANUAL);

        assertThat(Stream.of(Kind.values()).map(kind -> "| `" + kind + "` |")).allMatch(manual::contains);
    }

    static String table(List<TypeCase> cases) {
        return cases.stream().map(TypesDocTest::line).distinct().collect(Collectors.joining("\n"));
    }

    private static String line(TypeCase type) {
        if (type.kind() == null) return "| `" + type.type() + "` | refused | | |";
        String own = type.values().stream()
                .filter(value -> value.startsWith("~"))
                .map(value -> "`" + value.substring(1).replace("|", "\\|") + "`")
                .collect(Collectors.joining(" "));
        return "| `" + type.type().replace("|", "\\|") + "` | " + type.kind() + " | " + targets(type) + " | " + own
                + " |";
    }

    private static String targets(TypeCase type) {
        return Stream.of(type.postgres(), type.mySql())
                .map(target -> target == null ? "—" : "`" + target + "`")
                .collect(Collectors.joining(" · "));
    }

    /** Prints the three tables, to be put into the manual. */
    public static void main(String[] args) {
        System.out.println(table(PostgresTypeCases.ALL) + "\n\n" + table(MySqlTypeCases.MYSQL) + "\n\n"
                + table(MySqlTypeCases.MARIADB_ALONE));
    }
}
