/** Tests of the scan. */
@NullMarked
package dev.lockstep.stream.scan;

import org.jspecify.annotations.NullMarked;
