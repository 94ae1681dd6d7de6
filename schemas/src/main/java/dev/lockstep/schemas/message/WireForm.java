package dev.lockstep.schemas.message;

import dev.lockstep.schemas.avro.Value;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * Where the value union's branches stand in {@code Value.avsc}. A branch that is not known here by its exact fields is left to Avro: the
 * hand-written form is the same one, only quicker, and may lag behind the files.
 */
final class WireForm {

    /** A branch by its name and the types of its fields. */
    enum Branch {
        NULL("null"),
        LONG("long"),
        DECIMAL("DecimalValue(bytes,int)"),
        FLOAT("float"),
        DOUBLE("double"),
        STRING("string"),
        BYTES("bytes"),
        DATE("DateValue(long)"),
        TIME("TimeValue(long)"),
        LOCAL_TIMESTAMP("LocalTimestampValue(long)"),
        INSTANT("InstantValue(long)"),
        JSON("JsonValue(string)");

        private final String form;

        Branch(String form) {
            this.form = form;
        }
    }

    /** A value or message that only Avro knows. */
    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown() {
            super("left to Avro", null, false, false);
        }
    }

    private static final Branch[] BRANCHES;
    private static final Map<Branch, Integer> INDICES = new EnumMap<>(Branch.class);

    static {
        List<Schema> union = Value.getClassSchema().getField("value").schema().getTypes();
        Map<String, Branch> known = new HashMap<>();
        for (Branch branch : Branch.values()) known.put(branch.form, branch);
        BRANCHES = new Branch[union.size()];
        for (int i = 0; i < BRANCHES.length; i++) {
            BRANCHES[i] = known.get(form(union.get(i)));
            if (BRANCHES[i] != null) INDICES.put(BRANCHES[i], i);
        }
    }

    private WireForm() {}

    static Branch branch(long index) {
        Branch branch = index < 0 || index >= BRANCHES.length ? null : BRANCHES[(int) index];
        if (branch == null) throw new Unknown();
        return branch;
    }

    static int index(Branch branch) {
        Integer index = INDICES.get(branch);
        if (index == null) throw new Unknown();
        return index;
    }

    /** How many of the union's branches are read and written by hand. */
    static int known() {
        return INDICES.size();
    }

    /** Whether a message's fields are these, in this order. */
    static boolean isOf(Schema message, String form) {
        return form(message).equals(form);
    }

    private static String form(Schema schema) {
        return switch (schema.getType()) {
            case RECORD ->
                schema.getFields().stream()
                        .map(field -> form(field.schema()))
                        .collect(Collectors.joining(",", schema.getName() + "(", ")"));
            case UNION -> schema.getTypes().stream().map(WireForm::name).collect(Collectors.joining("|"));
            default -> name(schema);
        };
    }

    private static String name(Schema schema) {
        return schema.getType() == Schema.Type.ARRAY
                ? schema.getElementType().getName() + "[]"
                : schema.getType() == Schema.Type.ENUM ? "enum" : schema.getName();
    }
}
