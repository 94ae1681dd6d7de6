package dev.lockstep.cutover.api;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/**
 * The two files of a browser library from npm, whatever its version. Read by name: the library's jar has no entries for its
 * directories, so there is none to serve.
 */
final class Webjar {

    private static final Map<String, String> FILES =
            Map.of("uPlot.esm.js", "text/javascript; charset=utf-8", "uPlot.min.css", "text/css; charset=utf-8");

    private final String directory;

    Webjar(String name) {
        String properties = "/META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
        try (InputStream in = open(properties)) {
            Properties pom = new Properties();
            pom.load(in);
            directory = "/META-INF/resources/webjars/" + name + "/" + pom.getProperty("version") + "/dist/";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve(Context context) throws IOException {
        String file = context.pathParam("file");
        String type = FILES.get(file);
        if (type == null) throw new NotFoundResponse("no such file");
        try (InputStream in = open(directory + file)) {
            context.header("Cache-Control", "no-cache").contentType(type).result(in.readAllBytes());
        }
    }

    private static InputStream open(String resource) {
        InputStream in = Webjar.class.getResourceAsStream(resource);
        if (in == null) throw new IllegalStateException(resource + " is not on the class path");
        return in;
    }
}
