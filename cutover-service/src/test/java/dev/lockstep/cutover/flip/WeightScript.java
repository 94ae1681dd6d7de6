package dev.lockstep.cutover.flip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operator's command may look like where the servers know weights: gives each record set of a plan its share, by PowerDNS's
 * {@code pickwrandom}. Arguments: the command that changes the zone.
 */
public final class WeightScript {

    private WeightScript() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] tool) throws Exception {
        JsonNode plan = new ObjectMapper().readTree(System.in);
        int share = plan.path("share").asInt(100);
        for (JsonNode change : plan.path("changes")) {
            int code = run(tool, plan.path("zone").asText(), change, share);
            if (code != 0) System.exit(code);
        }
        System.out.println(share + " of 100 answers are new");
    }

    private static int run(String[] tool, String zone, JsonNode change, int share) throws Exception {
        String type = change.path("type").asText();
        JsonNode whole = change.path(share == 100 ? "after" : "before");
        boolean isWhole = share == 0 || share == 100;
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(
                "replace-rrset",
                zone,
                name(zone, change),
                isWhole ? type : "LUA",
                whole.path("ttl").asText(),
                isWhole ? value(whole) : weighted(type, change, share)));
        int other = isWhole ? delete(tool, zone, change, "LUA") : delete(tool, zone, change, type);
        return other != 0
                ? other
                : new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static int delete(String[] tool, String zone, JsonNode change, String type) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of("delete-rrset", zone, name(zone, change), type));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static String weighted(String type, JsonNode change, int share) {
        return "%s \"pickwrandom({{%d,'%s'},{%d,'%s'}})\""
                .formatted(type, 100 - share, value(change.path("before")), share, value(change.path("after")));
    }

    /** Within the zone, as the tool wants it. */
    private static String name(String zone, JsonNode change) {
        String name = change.path("name").asText();
        return name.substring(0, name.length() - zone.length() - 1);
    }

    private static String value(JsonNode set) {
        return set.path("values").path(0).asText();
    }
}
