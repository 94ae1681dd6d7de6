package dev.lockstep.cutover.demo;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authoritative name server for one zone on loopback: the primary that takes updates signed with one key, and the only server. UDP and
 * TCP on the same free port. It keeps nothing on disk.
 */
public final class DemoDns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoDns.class);
    private static final int IDLE_MILLIS = 10_000;

    private final DemoDnsServer server;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(DemoDns::daemon);

    private DemoDns(DemoDnsServer server, DatagramSocket udp, ServerSocket tcp) {
        this.server = server;
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * @param zone its name; SOA and NS are made up
     * @param keyName of the one TSIG key (hmac-sha256) that may update
     * @param secret base64
     * @param records one a line as in a zone file, names in full: {@code db.shop.test. 5 IN A 127.0.0.2}
     */
    public static DemoDns start(String zone, String keyName, String secret, List<String> records) {
        DemoDnsServer server = new DemoDnsServer(DemoDnsZone.of(zone, records), new DemoDnsKey(keyName, secret));
        try {
            return bind(server);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a port for DNS on loopback", e);
        }
    }

    /** One free port for both: the kernel picks TCP's, and UDP's is tried beside it. */
    @SuppressWarnings("AddressSelection") // loopback has no second address here
    private static DemoDns bind(DemoDnsServer server) throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        for (int attempt = 1; ; attempt++) {
            ServerSocket tcp = new ServerSocket(0, 50, loopback);
            try {
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
                DemoDns dns = new DemoDns(server, udp, tcp);
                dns.threads.execute(dns::serveUdp);
                dns.threads.execute(dns::serveTcp);
                return dns;
            } catch (IOException e) {
                tcp.close();
                if (attempt == 20) throw e;
            }
        }
    }

    public int port() {
        return tcp.getLocalPort();
    }

    /** {@code host:port}, as the migration file takes it. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** The zone's serial now. */
    public long serial() {
        return server.serial();
    }

    private void serveUdp() {
        byte[] buffer = new byte[65_535];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] request = Arrays.copyOf(packet.getData(), packet.getLength());
                byte[] answer = server.answer(request, DemoDnsServer.Transport.UDP);
                if (answer != null) udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!udp.isClosed()) LOG.atWarn().setCause(e).log("DNS over UDP failed");
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket connection = tcp.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (RejectedExecutionException e) {
                return; // it came as the server was closed
            } catch (IOException e) {
                if (!tcp.isClosed()) LOG.atWarn().setCause(e).log("DNS over TCP failed");
            }
        }
    }

    /** Any number of messages, one after the other, until the client leaves or is silent for long. */
    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(IDLE_MILLIS);
            connection.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
            while (true) {
                byte[] answer = server.answer(in.readNBytes(in.readUnsignedShort()), DemoDnsServer.Transport.TCP);
                if (answer == null) return;
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            LOG.atDebug().log("DNS client left");
        } finally {
            connections.remove(connection);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "demo-dns");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
            for (Socket connection : connections) connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
