package dev.lockstep.ingest.snapshot;

import dev.lockstep.schemas.message.Side;
import dev.lockstep.schemas.message.Topics;
import dev.lockstep.schemas.migration.Endpoint;
import dev.lockstep.schemas.migration.Migration.CopyRules;
import dev.lockstep.schemas.migration.Secret;
import dev.lockstep.schemas.table.TableMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An initial copy as a process of its own, so that it can be killed as a power cut would. */
final class CopyProcess {

    private CopyProcess() {}

    static Process start(Path output, String bootstrap, Topics topics, Endpoint database, CopyRules rules)
            throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CopyProcess.class.getName(),
                        bootstrap,
                        topics.migration(),
                        database.url(),
                        database.user(),
                        database.password() == null ? "" : database.password().reference(),
                        Integer.toString(rules.parallelism()),
                        Long.toString(rules.maxRowsPerSecond()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    public static void main(String[] args) throws Exception {
        Endpoint database = new Endpoint(args[2], args[3], args[4].isEmpty() ? null : new Secret(args[4]));
        CopyRules rules = new CopyRules(Integer.parseInt(args[5]), Long.parseLong(args[6]), 0);
        new InitialCopy(config(args[0], new Topics(args[1]), database, CopiedTables.mappings(database), rules))
                .run(Map::of);
    }

    static CopyConfig config(
            String bootstrap, Topics topics, Endpoint database, List<TableMapping> tables, CopyRules rules) {
        String slot = "lockstep_" + topics.migration().replace('-', '_') + "_source_0";
        return new CopyConfig(bootstrap, topics, Side.SOURCE, 0, database, tables, slot, rules, 0);
    }
}
