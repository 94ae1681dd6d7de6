package dev.lockstep.cutover.flip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.schemas.migration.Migration.TsigRules;
import dev.lockstep.schemas.migration.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * What an operator's command may look like: reads a plan and makes it true on a server, without looking at what was there.
 * Arguments: the server, a file with the key's secret, and how to end: {@code well}, {@code refuse}, {@code later} (says that it is done, and
 * has done nothing yet), {@code vanish} (does it, but fails to say so) or {@code hang} (does nothing, for ever).
 */
final class PlanScript {

    private PlanScript() {}

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) throws Exception {
        JsonNode plan = new ObjectMapper().readTree(System.in);
        if (arguments[2].equals("hang")) Thread.currentThread().join();
        if (arguments[2].equals("refuse")) {
            System.out.println("the zone is locked by somebody");
            System.exit(3);
        }
        if (arguments[2].equals("later")) return;
        Update update = new Update(Name.fromString(plan.path("zone").asText()));
        for (JsonNode change : plan.path("changes")) {
            Name name = Name.fromString(change.path("name").asText());
            int type = Type.value(change.path("type").asText().toUpperCase(Locale.ROOT));
            update.delete(name, type);
        }
        for (JsonNode change : plan.path("changes")) {
            Name name = Name.fromString(change.path("name").asText());
            int type = Type.value(change.path("type").asText());
            JsonNode after = change.path("after");
            for (JsonNode value : after.path("values"))
                update.add(Record.fromString(
                        name, type, DClass.IN, after.path("ttl").asLong(), value.asText(), Name.root));
        }
        Signer signer = Signer.of(
                new TsigRules(Rules.KEY, "hmac-sha256", new Secret("${file:" + arguments[1] + "}")), Clock.systemUTC());
        try (TcpExchange exchange = TcpExchange.open(ServerAddress.parse(arguments[0]), Duration.ofSeconds(5))) {
            exchange.send(List.of(signer.sign(update)));
            int rcode = signer.judge(update, exchange.receive()).rcode();
            System.out.println("the server says " + Rcode.string(rcode));
            System.exit(arguments[2].equals("vanish") ? 99 : rcode == Rcode.NOERROR ? 0 : 3);
        }
    }
}
