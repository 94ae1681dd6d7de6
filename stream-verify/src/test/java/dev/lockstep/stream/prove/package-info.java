/** Tests of the proof. */
@NullMarked
package dev.lockstep.stream.prove;

import org.jspecify.annotations.NullMarked;
