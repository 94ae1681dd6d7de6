package dev.lockstep.schemas.migration;

/** Something that the operator set is wrong. The message names the thing and the remedy, and is all the operator needs. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
