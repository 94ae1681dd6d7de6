package dev.lockstep.cutover.flip;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Section;

/** Stands between Lockstep and a name server; queries pass, and of updates either the trials, which only require, or the others meet the fault. */
public final class TcpProxy implements AutoCloseable {

    /** What happens to an update. */
    public interface Fault {
        /** The answer that the client gets; null: the connection is cut. */
        byte @Nullable [] on(byte[] update, Server server) throws IOException;
    }

    public interface Server {
        byte[] ask(byte[] request) throws IOException;
    }

    private final ServerSocket door;
    private final String host;
    private final int port;
    private final Fault fault;
    private final boolean meetsTrials;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        return thread;
    });

    /** Trials pass. */
    public TcpProxy(String server, Fault fault) {
        this(server, fault, false);
    }

    /** Trials meet the fault, and other updates pass. */
    public static TcpProxy ofTrials(String server, Fault fault) {
        return new TcpProxy(server, fault, true);
    }

    private TcpProxy(String server, Fault fault, boolean meetsTrials) {
        this.host = server.substring(0, server.lastIndexOf(':'));
        this.port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        this.fault = fault;
        this.meetsTrials = meetsTrials;
        try {
            door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket(host, port)) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            Server server = request -> ask(upstream, request);
            while (true) {
                byte[] request = in.readNBytes(in.readUnsignedShort());
                byte[] answer = meetsFault(new Message(request)) ? fault.on(request, server) : server.ask(request);
                if (answer == null) return;
                write(out, answer);
            }
        } catch (IOException e) {
            // the client has left
        }
    }

    private boolean meetsFault(Message request) {
        return request.getHeader().getOpcode() == Opcode.UPDATE
                && request.getSection(Section.UPDATE).isEmpty() == meetsTrials;
    }

    private static byte[] ask(Socket upstream, byte[] request) throws IOException {
        write(new DataOutputStream(upstream.getOutputStream()), request);
        DataInputStream in = new DataInputStream(upstream.getInputStream());
        return in.readNBytes(in.readUnsignedShort());
    }

    private static void write(DataOutputStream out, byte[] message) throws IOException {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        out.write(framed);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}
