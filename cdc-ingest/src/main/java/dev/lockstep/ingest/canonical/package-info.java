/** Debezium's record to our change event, within the Connect worker. */
@NullMarked
package dev.lockstep.ingest.canonical;

import org.jspecify.annotations.NullMarked;
