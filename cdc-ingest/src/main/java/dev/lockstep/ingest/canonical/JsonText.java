package dev.lockstep.ingest.canonical;

import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonStringFormatter;
import java.math.BigDecimal;

/** MySQL's binary JSON as text, its doubles in the digits that tell them apart, as the server spells them. */
final class JsonText extends JsonStringFormatter {

    @Override
    public void value(double value) {
        value(BigDecimal.valueOf(value));
    }
}
