/**
 * The proof: a Flink job that reads both databases' changes, cuts both at the same barriers, and says at each of them, for every
 * table, whether the two sides hold the same rows, and which rows they do not share.
 */
@NullMarked
package dev.lockstep.stream.prove;

import org.jspecify.annotations.NullMarked;
