package dev.lockstep.stream.lag;

/**
 * What passed a stage.
 *
 * @param rows row changes in all, over every restart of the stage
 * @param bytes of them on the wire
 * @param rowsPerSecond mean of the last few whole seconds
 * @param bytesPerSecond mean of the last few whole seconds
 */
public record Throughput(long rows, long bytes, double rowsPerSecond, double bytesPerSecond) {

    public static final Throughput NONE = new Throughput(0, 0, 0, 0);
}
