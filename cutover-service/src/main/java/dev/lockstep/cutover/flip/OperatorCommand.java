package dev.lockstep.cutover.flip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cutover.operator.OperatorProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command of the operator's that is given a plan as JSON on its standard input:
 *
 * <pre>{"zone": "shop.test.", "changes": [{"name": "db.shop.test.", "type": "A",
 *   "before": {"ttl": 60, "values": ["192.0.2.1"]}, "after": {"ttl": 60, "values": ["192.0.2.2"]}}]}</pre>
 *
 * A set without values is absent. With {@code "share": 5} beside {@code changes} only so many percent of the answers are to be as after, and the
 * others as before. It ends with 0 once the whole change is taken, with 3 if it has changed nothing, and with anything else,
 * or not in time, if it cannot tell. The last line that it writes is shown to people.
 */
record OperatorCommand(OperatorProcess process) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOTHING_CHANGED = 3;

    enum How {
        DONE,
        NOTHING_CHANGED,
        NOT_STARTED,
        UNKNOWN
    }

    /**
     * @param said for people
     */
    record Ended(How how, String said) {}

    Ended run(DnsPlan plan) {
        return run(json(plan));
    }

    /**
     * @param percent of the answers that are to be as after
     */
    Ended share(DnsPlan plan, int percent) {
        Map<String, Object> document = new LinkedHashMap<>(json(plan));
        document.put("share", percent);
        return run(document);
    }

    private Ended run(Map<String, Object> document) {
        OperatorProcess.Ended ended = process.run(bytes(document));
        return switch (ended.how()) {
            case NOT_STARTED -> new Ended(How.NOT_STARTED, "the command " + process.command() + " " + ended.said());
            case CUT_OFF -> new Ended(How.UNKNOWN, ended.said());
            case EXITED -> new Ended(how(ended.code()), said(ended));
        };
    }

    private static How how(int code) {
        if (code == 0) return How.DONE;
        return code == NOTHING_CHANGED ? How.NOTHING_CHANGED : How.UNKNOWN;
    }

    private static String said(OperatorProcess.Ended ended) {
        String said = ended.said();
        return "exit code " + ended.code() + ", " + (said.isEmpty() ? "it says nothing" : "it says: " + said);
    }

    private static byte[] bytes(Map<String, Object> document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> json(DnsPlan plan) {
        List<Map<String, Object>> changes = plan.changes().stream()
                .filter(change -> !change.done())
                .map(change -> Map.<String, Object>of(
                        "name", change.before().name(),
                        "type", change.before().type().name(),
                        "before", json(change.before()),
                        "after", json(change.after())))
                .toList();
        return Map.of("zone", plan.zone(), "changes", changes);
    }

    private static Map<String, Object> json(RecordSet set) {
        return Map.of("ttl", set.ttl(), "values", set.values());
    }
}
