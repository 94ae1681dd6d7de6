package dev.lockstep.cutover.flip;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * DNS messages over one TCP connection (RFC 1035 section 4.2.2). A resolver would try again or reuse a connection; here the caller must
 * know whether a message can have left: if opening throws, none has, and after that any may have. The timeout is for the whole life.
 */
final class TcpExchange implements Closeable {

    private final Socket socket;
    private final long endNanos;

    private TcpExchange(Socket socket, long endNanos) {
        this.socket = socket;
        this.endNanos = endNanos;
    }

    static TcpExchange open(ServerAddress server, Duration timeout) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        InetSocketAddress address = server.resolve();
        if (address.isUnresolved()) throw new UnknownHostException("no address for " + server.host());
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, remainingMillis(end));
            return new TcpExchange(socket, end);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** All in one write, so that they cost one round trip together (RFC 7766 section 6.2.1.1). */
    void send(List<byte[]> messages) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(
                messages.stream().mapToInt(m -> m.length + 2).sum());
        for (byte[] message : messages) buffer.putShort((short) message.length).put(message);
        socket.getOutputStream().write(buffer.array());
        socket.getOutputStream().flush();
    }

    /** The next message that arrives. */
    byte[] receive() throws IOException {
        InputStream in = new DataInputStream(socket.getInputStream());
        byte[] length = read(in, 2);
        return read(in, ByteBuffer.wrap(length).getShort() & 0xffff);
    }

    /** Piece by piece, with what is left of the time: a server that drips cannot hold us. */
    private byte[] read(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            socket.setSoTimeout(remainingMillis(endNanos));
            int read = in.read(bytes, filled, length - filled);
            if (read < 0) throw new EOFException("the connection was closed before the answer was whole");
            filled += read;
        }
        return bytes;
    }

    private static int remainingMillis(long endNanos) throws SocketTimeoutException {
        long millis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
        if (millis <= 0) throw new SocketTimeoutException("no answer in time");
        return Math.toIntExact(Math.min(millis, Integer.MAX_VALUE));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
