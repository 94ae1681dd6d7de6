package dev.lockstep.cutover.flip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operator's command may look like where the servers know weights: gives the record sets of a plan their share, by PowerDNS's
 * {@code pickwrandom}, of all sets of a name at once. Arguments: the command that changes the zone.
 */
public final class WeightScript {

    private WeightScript() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] tool) throws Exception {
        JsonNode plan = new ObjectMapper().readTree(System.in);
        String zone = plan.path("zone").asText();
        Map<String, List<JsonNode>> names = new LinkedHashMap<>();
        for (JsonNode change : plan.path("changes"))
            names.computeIfAbsent(change.path("name").asText(), name -> new ArrayList<>())
                    .add(change);
        for (Map.Entry<String, List<JsonNode>> name : names.entrySet()) {
            String within =
                    name.getKey().substring(0, name.getKey().length() - zone.length() - 1); // as the tool wants it
            if (plan.has("share"))
                weigh(tool, zone, within, name.getValue(), plan.path("share").asInt());
            else settle(tool, zone, within, name.getValue());
        }
        System.out.println(plan.has("share") ? plan.path("share").asText() + " of 100 are new" : "all are new");
    }

    private static void weigh(String[] tool, String zone, String name, List<JsonNode> changes, int share)
            throws Exception {
        for (JsonNode change : changes)
            run(tool, "delete-rrset", zone, name, change.path("type").asText());
        List<String> set = new ArrayList<>(List.of("replace-rrset", zone, name, "LUA"));
        set.add(changes.get(0).path("before").path("ttl").asText());
        for (JsonNode change : changes)
            set.add("%s \"pickwrandom({{%d,'%s'},{%d,'%s'}})\""
                    .formatted(
                            change.path("type").asText(),
                            100 - share,
                            value(change.path("before")),
                            share,
                            value(change.path("after"))));
        run(tool, set.toArray(String[]::new));
    }

    private static void settle(String[] tool, String zone, String name, List<JsonNode> changes) throws Exception {
        run(tool, "delete-rrset", zone, name, "LUA");
        for (JsonNode change : changes) {
            JsonNode after = change.path("after");
            String type = change.path("type").asText();
            run(tool, "replace-rrset", zone, name, type, after.path("ttl").asText(), value(after));
        }
    }

    @SuppressWarnings("SystemExitOutsideMain")
    private static void run(String[] tool, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(words));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) System.exit(code);
    }

    private static String value(JsonNode set) {
        return set.path("values").path(0).asText();
    }
}
