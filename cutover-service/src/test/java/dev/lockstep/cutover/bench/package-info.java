/** What benchmarks run beside Lockstep, and on. */
@NullMarked
package dev.lockstep.cutover.bench;

import org.jspecify.annotations.NullMarked;
