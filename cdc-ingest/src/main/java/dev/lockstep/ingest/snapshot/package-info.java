/** The initial copy: in parallel, as of one recorded position, restartable. */
@NullMarked
package dev.lockstep.ingest.snapshot;

import org.jspecify.annotations.NullMarked;
