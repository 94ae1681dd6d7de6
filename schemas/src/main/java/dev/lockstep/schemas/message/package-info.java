/** What crosses a wall: Avro messages in single-object encoding, and the names of the topics that carry them. */
@NullMarked
package dev.lockstep.schemas.message;

import org.jspecify.annotations.NullMarked;
