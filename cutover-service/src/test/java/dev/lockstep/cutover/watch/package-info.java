@NullMarked
package dev.lockstep.cutover.watch;

import org.jspecify.annotations.NullMarked;
