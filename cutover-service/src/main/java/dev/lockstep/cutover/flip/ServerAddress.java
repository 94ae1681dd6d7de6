package dev.lockstep.cutover.flip;

import dev.lockstep.schemas.migration.ConfigurationException;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name server as the rules name it: {@code host:port}, {@code [v6]:port}, or without a port for 53.
 *
 * @param label its name, where the host is one of that name's addresses; else empty
 */
record ServerAddress(String host, int port, String label) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([^]]+)]|([^:\\[\\]]+))(?::(\\d{1,5}))?");

    ServerAddress(String host, int port) {
        this(host, port, "");
    }

    /**
     * @throws ConfigurationException if it is of another form
     */
    static ServerAddress parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        int port = form.matches() ? form.group(3) == null ? 53 : Integer.parseInt(form.group(3)) : -1;
        if (port < 1 || port > 65535)
            throw new ConfigurationException(
                    "dns: '" + text + "' is no name server; write host:port or [address]:port");
        return new ServerAddress(form.group(1) == null ? form.group(2) : form.group(1), port);
    }

    /** Resolved anew each time. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        return label.isEmpty() ? address : label + " (" + address + ")";
    }
}
