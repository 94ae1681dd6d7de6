package dev.lockstep.cutover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The grants that docs/operating.md says are enough: what it says is what is tried. */
final class LeastGrants {

    static final String PASSWORD = "change-me";

    private LeastGrants() {}

    /**
     * The statements for an engine, those on the schema {@code shop} repeated for each of the schemas.
     *
     * @param user instead of {@code lockstep}
     */
    static List<String> of(String engine, String user, List<String> schemas) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "operating.md"));
        MatchResult block = Pattern.compile("<!-- grants: " + engine + " -->\\s*```sql\\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .findFirst()
                .orElseThrow();
        return block.group(1)
                .lines()
                .map(line -> line.replaceFirst("\\s*--.*", "").replaceFirst(";$", ""))
                .map(line -> line.replace("to lockstep", "to " + user)
                        .replace("user lockstep@", "user " + user + "@")
                        .replace("role lockstep ", "role " + user + " "))
                .flatMap(line -> line.contains("shop.*")
                        ? schemas.stream().map(schema -> line.replace("shop.*", schema + ".*"))
                        : java.util.stream.Stream.of(line))
                .toList();
    }
}
