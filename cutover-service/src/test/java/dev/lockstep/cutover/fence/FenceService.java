package dev.lockstep.cutover.fence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What stands behind an operator's command: a service that has a superuser. It takes a verb by TCP and answers with the exit code. */
final class FenceService implements AutoCloseable {

    interface Admin {
        Connection connect() throws SQLException;
    }

    private static final String OTHERS = """
            from pg_stat_activity where datname = 'shop' and usename <> 'mover' and backend_type = 'client backend'
            """;

    private static final String IS_STOPPED = """
            select 1 from pg_db_role_setting r join pg_database d on d.oid = r.setdatabase
            where d.datname = 'shop' and r.setrole = 0
            """;

    private final Admin admin;
    private final ServerSocket door;
    private final Thread thread = new Thread(this::serve, "fence-service");

    FenceService(Admin admin) throws IOException {
        this.admin = admin;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread.setDaemon(true);
        thread.start();
    }

    /** Calls it, and ends as it says. */
    String[] command() {
        String call = "exec 3<>/dev/tcp/127.0.0.1/" + door.getLocalPort() + "; echo $1 >&3; read code <&3; exit $code";
        return new String[] {"bash", "-c", call, "fence"};
    }

    private void serve() {
        while (!door.isClosed()) {
            try (Socket socket = door.accept();
                    var in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                String code = run(in.readLine()) + "\n";
                socket.getOutputStream().write(code.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // closed, or the command was killed
            }
        }
    }

    private int run(String verb) {
        try (Connection connection = admin.connect()) {
            if (verb.equals("state"))
                return Sql.first(connection, row -> row.getInt(1), IS_STOPPED).isPresent() ? 0 : 1;
            String what = verb.equals("stop")
                    ? "set default_transaction_read_only = on"
                    : "reset default_transaction_read_only";
            Sql.run(connection, "alter database shop " + what);
            end(connection);
            return 0;
        } catch (SQLException e) {
            return 7;
        }
    }

    /** One look more than finds somebody: a session may have read the setting and not be seen yet. */
    private static void end(Connection connection) throws SQLException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        int clean = 0;
        while (clean < 3 && deadline.pause(Duration.ofMillis(20))) {
            List<Boolean> ended =
                    Sql.list(connection, row -> row.getBoolean(1), "select pg_terminate_backend(pid) " + OTHERS);
            clean = ended.isEmpty() ? clean + 1 : 0;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
