@NullMarked
package dev.lockstep.stream.lag;

import org.jspecify.annotations.NullMarked;
