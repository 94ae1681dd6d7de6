/** Embedded databases, DNS, load: the first five minutes. */
@NullMarked
package dev.lockstep.cutover.demo;

import org.jspecify.annotations.NullMarked;
