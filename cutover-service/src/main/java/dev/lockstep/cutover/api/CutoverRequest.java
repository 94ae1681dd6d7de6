package dev.lockstep.cutover.api;

import java.util.List;

/**
 * An operator asks for the cutover.
 *
 * @param overrides gates that may be closed, by their rules' names
 * @param reason why they may; empty without any
 * @param by who asks
 */
public record CutoverRequest(List<String> overrides, String reason, String by) {
    public CutoverRequest {
        overrides = List.copyOf(overrides);
    }
}
