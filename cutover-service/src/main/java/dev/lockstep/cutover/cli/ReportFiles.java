package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.api.Json;
import dev.lockstep.cutover.api.StateFile;
import dev.lockstep.cutover.report.ProofReport;
import dev.lockstep.cutover.report.ReportPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report's two files: the page, and the facts. */
record ReportFiles(Path page, Path json) {

    static ReportFiles in(Path directory, String name) {
        return new ReportFiles(directory.resolve(name + ".html"), directory.resolve(name + ".json"));
    }

    /** Those that a migration writes by itself when it has ended. */
    static ReportFiles of(Path state) {
        return in(state, "proof");
    }

    /** Those that it writes by itself so many hours after the target has opened. */
    static ReportFiles of(Path state, int hour) {
        return in(state, "proof-" + hour + "h");
    }

    /** Where a migration's verdicts are chained. */
    static Path record(Path state) {
        return state.resolve("record");
    }

    /** They are of an end that has not come, if they are there. */
    void delete() {
        StateFile.delete(json);
        StateFile.delete(page);
    }

    void write(ProofReport report) {
        Json.write(json, report);
        try {
            Files.writeString(page, ReportPage.of(report));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + page, e);
        }
    }
}
