package dev.lockstep.stream.apply;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Makes a server on loopback answer on another port too, from start to close. */
final class Forwarder implements AutoCloseable {

    private final ServerSocket listener;
    private final int to;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Forwarder(ServerSocket listener, int to) {
        this.listener = listener;
        this.to = to;
    }

    static Forwarder start(int port, int to) throws IOException {
        Forwarder forwarder = new Forwarder(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), to);
        forwarder.threads.submit(forwarder::accept);
        return forwarder;
    }

    int connections() {
        return sockets.size() / 2;
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
            sockets.add(client);
            sockets.add(server);
            threads.submit(() -> client.getInputStream().transferTo(server.getOutputStream()));
            threads.submit(() -> server.getInputStream().transferTo(client.getOutputStream()));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) socket.close();
        threads.shutdownNow();
    }
}
