@NullMarked
package dev.lockstep.cutover.fence;

import org.jspecify.annotations.NullMarked;
