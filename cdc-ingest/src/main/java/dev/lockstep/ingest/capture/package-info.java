/** Debezium on Kafka Connect, embedded or on a cluster. */
@NullMarked
package dev.lockstep.ingest.capture;

import org.jspecify.annotations.NullMarked;
