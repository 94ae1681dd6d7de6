package dev.lockstep.cutover.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whoever sits at the terminal. */
final class Operator {

    private Operator() {}

    /** For records of who did something: the parameter of a request. */
    static String query() {
        return "by=" + ApiClient.encoded(name());
    }

    private static String name() {
        String user = System.getProperty("user.name", "unknown");
        try {
            return user + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return user;
        }
    }

    /** Asks on standard error. No answer is no. */
    static boolean agrees(String question) {
        System.err.print(question + " [y/N] ");
        System.err.flush();
        try {
            int answer = System.in.read();
            return answer == 'y' || answer == 'Y';
        } catch (IOException e) {
            return false;
        }
    }
}
