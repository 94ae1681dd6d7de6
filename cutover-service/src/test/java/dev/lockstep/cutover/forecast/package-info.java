@NullMarked
package dev.lockstep.cutover.forecast;

import org.jspecify.annotations.NullMarked;
