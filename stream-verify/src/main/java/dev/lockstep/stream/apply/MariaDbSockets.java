package dev.lockstep.stream.apply;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of MariaDB's driver, known to whoever opens a connection. The driver's own abort reads from the socket before it closes it: behind
 * the very read that it is to end, and so for ever where the server has vanished. Public, as the driver makes it by its name.
 */
public final class MariaDbSockets extends SocketFactory {

    private static final ThreadLocal<@Nullable Socket> NEWEST = new ThreadLocal<>();

    /** The one that this thread's newest connection has; null where that is another driver's. */
    static @Nullable Socket take() {
        Socket newest = NEWEST.get();
        NEWEST.remove();
        return newest;
    }

    @Override
    public Socket createSocket() {
        Socket socket = new Socket();
        NEWEST.set(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
