package dev.lockstep.schemas.row;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.UUID;

/** A uuid as it is carried: 36 characters, small hexadecimal digits with dashes. */
public final class Uuids {

    private Uuids() {}

    /**
     * @throws IllegalArgumentException if the text is none
     */
    public static String canonical(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        if (!small.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
            throw new IllegalArgumentException("a text that is no uuid, which the other side's column demands");
        return small;
    }

    /**
     * The uuid of 16 octets, in the order in which it is written.
     *
     * @throws IllegalArgumentException if there are more or fewer of them
     */
    public static String text(byte[] octets) {
        if (octets.length != 16)
            throw new IllegalArgumentException(
                    octets.length + " octets, which are no uuid, which the other side's column demands");
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }

    /** The inverse of {@link #text}. */
    public static byte[] octets(String text) {
        UUID uuid = UUID.fromString(text);
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
