/** Writes the barriers that cut all lanes at one commit position. */
@NullMarked
package dev.lockstep.ingest.barrier;

import org.jspecify.annotations.NullMarked;
