@NullMarked
package dev.lockstep.cutover.flip;

import org.jspecify.annotations.NullMarked;
