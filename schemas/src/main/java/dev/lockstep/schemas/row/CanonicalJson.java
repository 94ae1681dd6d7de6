package dev.lockstep.schemas.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import java.util.TreeSet;

/** JSON by its content: keys sorted, the last of a doubled key (as jsonb and MySQL keep it), numbers exact, no spacing. */
final class CanonicalJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(200_000)
                        .maxNestingDepth(10_000)
                        .build());
    }

    private CanonicalJson() {}

    static void write(String text, CanonicalEncoder out) {
        try {
            write(JSON.readTree(text), out);
        } catch (JsonProcessingException e) {
            out.tag('!').text(text); // MariaDB lets a column typed JSON hold what its check was dropped for
        }
    }

    private static void write(JsonNode node, CanonicalEncoder out) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node, out);
            case ARRAY -> {
                out.tag('[').raw64(node.size());
                for (Iterator<JsonNode> it = node.elements(); it.hasNext(); ) write(it.next(), out);
            }
            case STRING -> out.text(node.textValue());
            case NUMBER -> out.exact(node.decimalValue());
            case BOOLEAN -> out.tag(node.booleanValue() ? '+' : '-');
            default -> out.tag('0');
        }
    }

    private static void object(JsonNode node, CanonicalEncoder out) {
        TreeSet<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        out.tag('{').raw64(names.size());
        for (String name : names) write(node.get(name), out.text(name));
    }
}
