/** What the databases say of themselves while a migration runs: their tables, and how much log they keep for us. */
@NullMarked
package dev.lockstep.ingest.watch;

import org.jspecify.annotations.NullMarked;
