/** What must hold before capture begins, each with its remedy. */
@NullMarked
package dev.lockstep.ingest.preflight;

import org.jspecify.annotations.NullMarked;
