package dev.lockstep.stream.apply;

import dev.lockstep.schemas.embedded.Ports;
import dev.lockstep.schemas.migration.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The line to a database, which fails as lines do: at any request, before the server has it, with half of it, or before its answer. */
final class Wire implements AutoCloseable {

    /** What becomes of a request. */
    enum Fate {
        PASSES,
        /** The server never has it; the client learns that the line is cut. */
        LOST,
        /** The server has half of it. */
        HALVED,
        /** The server has it and goes on with it; the client learns that the line is cut. */
        UNANSWERED,
        /** It arrives once {@link #release} is called. */
        HELD,
        /** The server never has it. Nothing passes this line any more, either way, and neither end learns of that. */
        SWALLOWED,
        /** The server has it, and nothing passes any more from its answer on. */
        UNHEARD
    }

    interface Oracle {
        /** Called for one request after the other. */
        Fate of(String request);
    }

    private static final Pattern COMMIT = Pattern.compile("\\bcommit\\b", Pattern.CASE_INSENSITIVE);

    private final ServerSocket listener;
    private final Endpoint server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile Oracle oracle = request -> Fate.PASSES;

    private Wire(ServerSocket listener, Endpoint server) {
        this.listener = listener;
        this.server = server;
    }

    static Wire to(Endpoint server) throws IOException {
        int port = Ports.free();
        Wire wire = new Wire(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), server);
        wire.threads.submit(wire::accept);
        return wire;
    }

    /** The server by way of this line, with every statement spelled on it. */
    Endpoint endpoint() {
        String option =
                switch (server.dialect().engine()) {
                    case "postgresql" -> "?prepareThreshold=0";
                    case "mysql" -> "?sslMode=DISABLED";
                    default -> "";
                };
        String url = server.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + listener.getLocalPort() + "/") + option;
        return new Endpoint(url, server.user(), server.password());
    }

    void become(Oracle newOracle) {
        oracle = newOracle;
    }

    /** One request in so many meets with one of the accidents. */
    static Oracle accidents(long seed, int oneIn) {
        Random random = new Random(seed);
        Fate[] accidents = {Fate.LOST, Fate.HALVED, Fate.UNANSWERED};
        return request -> random.nextInt(oneIn) > 0 ? Fate.PASSES : accidents[random.nextInt(accidents.length)];
    }

    /** Every second commit is cut off, in turn before the server has it, and before its answer. */
    static Oracle cutCommits() {
        AtomicInteger commits = new AtomicInteger();
        return request -> {
            if (!isCommit(request)) return Fate.PASSES;
            return switch (commits.incrementAndGet() % 4) {
                case 1 -> Fate.LOST;
                case 3 -> Fate.UNANSWERED;
                default -> Fate.PASSES;
            };
        };
    }

    /** From the first such request on all are held, of connections to come, too: a process that is frozen there sends nothing more. */
    static Oracle freezeAt(Predicate<String> such) {
        AtomicBoolean frozen = new AtomicBoolean();
        return request -> {
            if (such.test(request)) frozen.set(true);
            return frozen.get() ? Fate.HELD : Fate.PASSES;
        };
    }

    /** What becomes of the first such request; all others pass. */
    static Oracle once(Fate fate, Predicate<String> such) {
        AtomicBoolean met = new AtomicBoolean();
        return request -> such.test(request) && met.compareAndSet(false, true) ? fate : Fate.PASSES;
    }

    static boolean isCommit(String request) {
        return COMMIT.matcher(request).find();
    }

    /** The last statement before the commit: it moves the stored offset. */
    static boolean isMove(String request) {
        return request.contains("set next_offset");
    }

    int cuts() {
        return cuts.get();
    }

    boolean holds() {
        return held.getCount() == 0;
    }

    boolean isSilent() {
        return !silent.isEmpty();
    }

    void release() {
        released.countDown();
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket there = new Socket(InetAddress.getByName(server.host()), server.port());
            client.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(there);
            threads.submit(() -> requests(client, there));
            threads.submit(() -> answers(client, there));
        }
    }

    private Void requests(Socket client, Socket there) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 20];
        InputStream in = client.getInputStream();
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer))
                if (!carry(Arrays.copyOf(buffer, count), client, there)) return null;
            there.close();
        } catch (IOException e) {
            there.close();
        }
        return null;
    }

    /** Whether the line still stands. */
    private boolean carry(byte[] request, Socket client, Socket there) throws IOException, InterruptedException {
        Fate fate = oracle.of(new String(request, StandardCharsets.ISO_8859_1));
        if (fate == Fate.HELD) {
            held.countDown();
            released.await();
        }
        if (fate == Fate.PASSES || fate == Fate.HELD) {
            there.getOutputStream().write(request);
            return true;
        }
        if (fate == Fate.SWALLOWED || fate == Fate.UNHEARD) {
            silent.add(client);
            if (fate == Fate.UNHEARD) there.getOutputStream().write(request);
            return false;
        }
        cuts.incrementAndGet();
        if (fate == Fate.HALVED) there.getOutputStream().write(request, 0, request.length / 2);
        client.close();
        if (fate == Fate.UNANSWERED) there.getOutputStream().write(request); // the answer finds nobody, and ends it
        else there.close();
        return false;
    }

    private Void answers(Socket client, Socket there) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = there.getInputStream();
        try {
            for (int count = in.read(buffer); count >= 0 && !silent.contains(client); count = in.read(buffer))
                client.getOutputStream().write(buffer, 0, count);
        } finally {
            if (!silent.contains(client)) {
                client.close();
                there.close();
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        release();
        listener.close();
        for (Socket socket : sockets) socket.close();
        threads.shutdownNow();
    }
}
