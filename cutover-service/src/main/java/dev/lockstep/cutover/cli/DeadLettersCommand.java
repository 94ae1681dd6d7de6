package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.Letters;
import dev.lockstep.cutover.api.Status;
import dev.lockstep.schemas.migration.ConfigurationException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = {
            "Shows and settles the rows that the target refused (apply.refusedRows: quarantine).",
            "Changes of such a row wait, and no cutover begins, until it is retried or discarded."
        },
        subcommands = {
            DeadLettersCommand.ListCommand.class,
            DeadLettersCommand.RetryCommand.class,
            DeadLettersCommand.DiscardCommand.class
        })
final class DeadLettersCommand implements Runnable {

    private static final String PATH = "/api/dead-letters";

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: list, retry or discard");
    }

    private static List<Status.Letter> open(ApiClient api) throws IOException, InterruptedException {
        return List.of(Json.read(ApiClient.granted(api.get(PATH)), Status.Letter[].class));
    }

    private static Letters.Outcome act(ApiClient api, String what, Chosen chosen)
            throws IOException, InterruptedException {
        try {
            return Json.read(api.post(PATH + "/" + what + chosen.query()), Letters.Outcome.class);
        } catch (HttpTimeoutException e) {
            throw new ConfigurationException(
                    "no answer yet: the target or Kafka is slow or away, and it goes on being tried; `lockstep dead-letters list`"
                            + " shows what is left",
                    e);
        }
    }

    private static void print(Status.Letter letter) {
        System.out.printf(
                Locale.ROOT,
                "%s %s  %s, %d %s since %s%n    [SQLSTATE %s] %s%n",
                letter.table(),
                letter.key(),
                letter.operation(),
                letter.letters(),
                letter.letters() == 1 ? "letter" : "letters",
                letter.since(),
                letter.sqlState(),
                letter.error());
    }

    /** Which rows a command is about. */
    static final class Chosen {

        @Option(names = "--table", description = "of this table alone, as the source names it: schema.table")
        private @Nullable String table;

        @Option(names = "--key", description = "the row with this key alone, as list shows it: (7, x)")
        private @Nullable String key;

        private @Nullable Instant until;

        String query() {
            return "?" + Operator.query() + (table == null ? "" : "&table=" + ApiClient.encoded(table))
                    + (key == null ? "" : "&key=" + ApiClient.encoded(key))
                    + (until == null ? "" : "&until=" + ApiClient.encoded(until.toString()));
        }

        /** Of these, what has not changed since they were shown. */
        void seen(List<Status.Letter> letters) {
            until = letters.stream()
                    .map(Status.Letter::newest)
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        }

        List<Status.Letter> of(List<Status.Letter> letters) {
            var choice = new Letters.Choice(table, key, null, "");
            return letters.stream().filter(choice::matches).toList();
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows each row, what the target said, and what to do.")
    static final class ListCommand implements Callable<Integer> {

        @Mixin
        private final MigrationArgument migration = new MigrationArgument();

        @Mixin
        private final Chosen chosen = new Chosen();

        @Option(names = "--json", description = "print them as JSON")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            List<Status.Letter> letters = chosen.of(open(ApiClient.of(migration.load())));
            if (json) System.out.println(Json.write(letters));
            else if (letters.isEmpty()) System.out.println("no dead letters");
            else letters.forEach(DeadLettersCommand::print);
            return 0;
        }
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = {
                "Writes the rows to the target as they are to be by now; those that it takes follow the source again.",
                "Exit code 1 if it still refuses one."
            })
    static final class RetryCommand implements Callable<Integer> {

        @Mixin
        private final MigrationArgument migration = new MigrationArgument();

        @Mixin
        private final Chosen chosen = new Chosen();

        @Override
        public Integer call() throws Exception {
            Letters.Outcome outcome = act(ApiClient.of(migration.load()), "retry", chosen);
            System.out.println(outcome.settled() + " written; they follow the source again");
            if (outcome.refused().isEmpty()) return 0;
            throw new ConfigurationException("still refused:\n" + String.join("\n", outcome.refused()));
        }
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = {
                "Gives the rows' changes up, after asking. The target keeps what it has of them, which the proof reports as",
                "mismatches, until the source changes them again. The topic keeps the letters, who gave them up, and when."
            })
    static final class DiscardCommand implements Callable<Integer> {

        @Mixin
        private final MigrationArgument migration = new MigrationArgument();

        @Mixin
        private final Chosen chosen = new Chosen();

        @Option(names = "--yes", description = "do not ask")
        private boolean yes;

        @Override
        public Integer call() throws Exception {
            ApiClient api = ApiClient.of(migration.load());
            List<Status.Letter> letters = chosen.of(open(api));
            letters.forEach(DeadLettersCommand::print);
            if (!letters.isEmpty()
                    && !yes
                    && !Operator.agrees("discard the changes of these " + letters.size() + " rows?"))
                throw new ConfigurationException("nothing is discarded");
            chosen.seen(letters);
            Letters.Outcome outcome = act(api, "discard", chosen);
            System.out.println(outcome.settled() + " discarded; they differ until the source changes them again");
            return 0;
        }
    }
}
