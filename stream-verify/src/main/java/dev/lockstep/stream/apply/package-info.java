/** Brings a lane's changes from Kafka into the other database, in batches, exactly once in effect. */
@NullMarked
package dev.lockstep.stream.apply;

import org.jspecify.annotations.NullMarked;
