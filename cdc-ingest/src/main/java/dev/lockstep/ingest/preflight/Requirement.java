package dev.lockstep.ingest.preflight;

import dev.lockstep.ingest.preflight.Finding.Level;
import java.util.function.Predicate;

/** One thing that must hold of a server: facts in, a finding out, and nothing else touched. */
interface Requirement {

    Finding judge(Facts facts);

    /**
     * The fact holds, or the finding has this level. {@code %s} stands for the fact in the message, and for Lockstep's user in the remedy.
     *
     * @param passed what to say if it holds
     */
    static Requirement that(
            String fact, Predicate<Facts> holds, Level otherwise, String passed, String message, String remedy) {
        return facts -> holds.test(facts)
                ? Finding.pass(facts.side(), passed)
                : new Finding(
                        otherwise,
                        facts.side(),
                        message.replace("%s", String.join(", ", facts.list(fact))),
                        remedy.replace("%s", facts.user()));
    }

    /** A setting has one of the values that the expression matches. */
    static Requirement setting(String name, String wanted, String why, String remedy) {
        return that(
                name,
                facts -> facts.text(name).matches("(?i)" + wanted),
                Level.FAIL,
                name + " is " + wanted.replaceAll("\\|.*", ""),
                name + " is '%s', but " + why + ": it must be '" + wanted.replaceAll("\\|.*", "") + "'",
                remedy);
    }

    /** The user may do something. */
    static Requirement power(String fact, String what, String remedy) {
        return that(
                fact,
                facts -> facts.is(fact),
                Level.FAIL,
                "Lockstep's user may " + what,
                "Lockstep's user may not " + what,
                remedy);
    }

    /** The list is empty. */
    static Requirement none(String fact, Level otherwise, String passed, String message, String remedy) {
        return that(fact, facts -> facts.list(fact).isEmpty(), otherwise, passed, message, remedy);
    }

    /** The same, with the statement that {@code check --fix} may run. */
    default Requirement fixedBy(String statement) {
        return facts -> {
            Finding finding = judge(facts);
            return finding.level() == Level.PASS ? finding : finding.fixedBy(facts.side(), statement);
        };
    }
}
