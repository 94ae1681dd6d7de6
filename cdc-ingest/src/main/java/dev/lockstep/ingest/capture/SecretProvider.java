package dev.lockstep.ingest.capture;

import dev.lockstep.schemas.migration.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lets a connector's configuration hold secrets by reference: the worker resolves {@code ${lockstep:env:NAME}} and
 * {@code ${lockstep:file:PATH}} when a task starts, so no topic and no REST answer shows one.
 */
public final class SecretProvider implements ConfigProvider {

    /** The provider's name in a worker's configuration. */
    static final String NAME = "lockstep";

    static String reference(Secret secret) {
        return "${" + NAME + ":" + secret.reference().substring("${".length());
    }

    @Override
    public ConfigData get(@Nullable String path) {
        return new ConfigData(Map.of());
    }

    @Override
    public ConfigData get(@Nullable String path, Set<String> keys) {
        Map<String, String> secrets = new HashMap<>();
        for (String key : keys) secrets.put(key, new Secret("${" + path + ":" + key + "}").reveal());
        return new ConfigData(secrets);
    }

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
