package dev.lockstep.schemas.table;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A character set of MySQL and MariaDB that is carried: its octets mean the same characters here as to the server. */
public final class MySqlCharset {

    private static final Map<String, MySqlCharset> KNOWN = Map.of(
            "utf8mb4", new MySqlCharset(StandardCharsets.UTF_8, false),
            "utf8mb3", new MySqlCharset(StandardCharsets.UTF_8, false),
            "utf8", new MySqlCharset(StandardCharsets.UTF_8, false),
            "ascii", new MySqlCharset(StandardCharsets.US_ASCII, true),
            "latin1", new MySqlCharset(Charset.forName("windows-1252"), true),
            "latin2", new MySqlCharset(Charset.forName("ISO-8859-2"), true),
            "cp1251", new MySqlCharset(Charset.forName("windows-1251"), true),
            "gbk", new MySqlCharset(Charset.forName("GBK"), true),
            "ucs2", new MySqlCharset(StandardCharsets.UTF_16BE, true),
            "utf16", new MySqlCharset(StandardCharsets.UTF_16BE, true));

    private final Charset charset;
    private final boolean decodedHere;

    private MySqlCharset(Charset charset, boolean decodedHere) {
        this.charset = charset;
        this.decodedHere = decodedHere;
    }

    /** The character set of that name, or empty where its columns are refused. */
    public static Optional<MySqlCharset> of(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    /** Whether Debezium's own decoding would put something else for octets that it does not know. */
    public boolean isDecodedHere() {
        return decodedHere;
    }

    /**
     * @throws IllegalArgumentException if the octets are no text of this character set
     */
    public String decode(byte[] octets) {
        if (this == KNOWN.get("latin1")) return latin1(octets);
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("octets that are no text of the column's character set " + charset, e);
        }
    }

    /** Windows-1252, and the five octets that it leaves open as the control characters of the same number. */
    private String latin1(byte[] octets) {
        StringBuilder text = new StringBuilder(new String(octets, charset));
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) == '\uFFFD') text.setCharAt(i, (char) (octets[i] & 0xff));
        return text.toString();
    }
}
