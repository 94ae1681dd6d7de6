package dev.lockstep.ingest.capture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A line to a server on loopback that can be cut: every connection breaks, and new ones are refused, until it is mended. */
final class CutLine implements AutoCloseable {

    private final ServerSocket listener;
    private volatile int to;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean cut;

    CutLine(int to) throws IOException {
        this.to = to;
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        threads.submit(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void cut() throws IOException {
        cut = true;
        for (Socket socket : sockets) socket.close();
        sockets.clear();
    }

    void mend() {
        cut = false;
    }

    /** From now on it leads to another server; what was connected to the one before is cut off. */
    void leadTo(int other) throws IOException {
        cut();
        to = other;
        mend();
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            if (cut) {
                client.close();
                continue;
            }
            Socket server = new Socket("127.0.0.1", to);
            sockets.add(client);
            sockets.add(server);
            threads.submit(() -> carry(client, server));
            threads.submit(() -> carry(server, client));
        }
    }

    private static Void carry(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) socket.close();
        threads.shutdownNow();
    }
}
