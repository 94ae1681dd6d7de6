package dev.lockstep.cutover.cli;

import dev.lockstep.cutover.report.ProofReport.RuleUsed;
import dev.lockstep.ingest.preflight.Finding;
import dev.lockstep.ingest.preflight.PreflightReport;
import dev.lockstep.schemas.migration.Migration;
import dev.lockstep.schemas.migration.TableRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** By which rules a proof holds, and of what it says nothing. */
final class ProofRules {

    /** As docs/types.md has it, in short. */
    static final List<String> CANONICAL_FORM = List.of(
            "A row's digest is 128 bits of XXH3 over its table, key and values; a table's sum is the sum of its rows' digests modulo"
                    + " 2^128, beside the count of rows.",
            "Before every value stands its kind and length: NULL is not empty, and ('x,y','z') is not ('x','y,z').",
            "Exact numbers are compared by value: 1.0 is 1.00, true is 1.",
            "Floating-point numbers are compared bit by bit in their declared precision: -0 is not 0, and there is one NaN.",
            "Texts are compared as UTF-8, whatever a collation calls equal; char(n) without its padding.",
            "Dates and times are compared in microseconds, those with a zone as moments in UTC.",
            "JSON is compared parsed, with sorted keys and exact numbers: order of keys and spacing do not count.",
            "A uuid is compared as a uuid where one side keeps it as one; its letters' case does not count.");

    private static final List<String> NEVER = List.of(
            "Generated columns: each side computes its own.",
            "Sequences and auto-increment counters: they are set beyond the source's at the cutover.",
            "Check constraints, triggers, views, routines, users and grants; of indexes, foreign keys, defaults and nullability, what a scan notes.",
            "Whatever a log does not tell, as foreign keys that cascade without a word in it: a scan reads both databases themselves.");

    private ProofRules() {}

    static List<RuleUsed> used(Migration migration) {
        List<RuleUsed> rules = new ArrayList<>();
        TableRules tables = migration.tables();
        add(rules, "tables.include", tables.include().isEmpty() ? "all" : String.join(", ", tables.include()));
        if (!tables.exclude().isEmpty()) add(rules, "tables.exclude", String.join(", ", tables.exclude()));
        if (tables.targetSchema() != null) add(rules, "tables.targetSchema", tables.targetSchema());
        new TreeMap<>(tables.targetSchemas())
                .forEach((source, target) -> add(rules, "tables.targetSchemas." + source, target));
        new TreeMap<>(tables.each()).forEach((table, rule) -> add(rules, table, rule));
        add(rules, "lanes", migration.lanes().count());
        add(rules, "barrier.interval", migration.barrier().interval());
        add(rules, "apply.refusedRows", migration.apply().refusedRows());
        add(rules, "apply.cascades", migration.apply().cascades());
        Migration.CutoverRules cutover = migration.cutover();
        add(rules, "cutover.mode", cutover.mode());
        add(rules, "cutover.hold", cutover.hold());
        add(rules, "cutover.maxAppliedLag", cutover.maxAppliedLag());
        add(rules, "cutover.maxProvenLag", cutover.maxProvenLag());
        add(rules, "cutover.writePauseBudget", cutover.writePauseBudget());
        add(rules, "cutover.guardTarget", cutover.guardTarget());
        add(rules, "cutover.wayBack", cutover.wayBack());
        return rules;
    }

    private static void add(List<RuleUsed> rules, String table, TableRules.TableRule rule) {
        String name = "tables.each." + table;
        if (rule.target() != null) add(rules, name + ".target", rule.target());
        if (!rule.key().isEmpty()) add(rules, name + ".key", String.join(", ", rule.key()));
        if (!rule.excludeColumns().isEmpty())
            add(rules, name + ".excludeColumns", String.join(", ", rule.excludeColumns()));
        if (!rule.renameColumns().isEmpty()) add(rules, name + ".renameColumns", new TreeMap<>(rule.renameColumns()));
    }

    private static void add(List<RuleUsed> rules, String rule, @Nullable Object value) {
        rules.add(new RuleUsed(rule, String.valueOf(value)));
    }

    static List<String> notCompared(Migration migration, PreflightReport preflight) {
        List<String> left = new ArrayList<>();
        TableRules tables = migration.tables();
        if (!tables.include().isEmpty())
            left.add("Tables that tables.include does not name: " + String.join(", ", tables.include())
                    + " alone are compared.");
        for (String pattern : tables.exclude()) left.add("Tables left out by tables.exclude: " + pattern);
        new TreeMap<>(tables.each())
                .forEach((table, rule) ->
                        rule.excludeColumns().forEach(column -> left.add("Column left out: " + table + "." + column)));
        preflight.findings().stream()
                .filter(finding -> finding.level() == Finding.Level.WARN)
                .forEach(finding -> left.add("Preflight on " + finding.subject() + ": " + finding.message()));
        left.addAll(NEVER);
        return left;
    }
}
