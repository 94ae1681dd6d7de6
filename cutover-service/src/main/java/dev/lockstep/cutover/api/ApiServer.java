package dev.lockstep.cutover.api;

import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

public final class ApiServer implements AutoCloseable {
    private ApiServer() {}

    public static ApiServer start(int port, Supplier<Status> source, Supplier<Optional<String>> cutover, String token) {
        return new ApiServer();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:1/");
    }

    @Override
    public void close() {}
}
