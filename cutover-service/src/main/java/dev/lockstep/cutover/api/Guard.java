package dev.lockstep.cutover.api;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.UnauthorizedResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites' pages out. A page whose name its owner has pointed at 127.0.0.1 (DNS rebinding) comes with that name in its
 * Host header; a page elsewhere that posts here comes with an Origin other than the host it calls.
 */
final class Guard {

    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final String BEARER = "Bearer ";

    private final byte[] token;

    Guard(String token) {
        if (token.isBlank()) throw new IllegalArgumentException("an empty token lets everybody in");
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    void check(Context context) {
        String host = context.header("Host");
        if (host == null || !HOSTS.contains(withoutPort(host)))
            throw new ForbiddenResponse("this server answers to 127.0.0.1 and localhost only");
        String origin = context.header("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + host))
            throw new ForbiddenResponse("no calls from pages of another site");
        context.header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
    }

    /**
     * @throws UnauthorizedResponse unless the request shows the token
     */
    void checkToken(Context context) {
        if (!isToken(context.header("Authorization"))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new UnauthorizedResponse("this needs the token: Authorization: Bearer <token>");
        }
    }

    /** Takes as long for a wrong token as for the right one of its length. */
    private boolean isToken(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) return false;
        byte[] shown = authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(shown, token);
    }

    private static String withoutPort(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    }
}
