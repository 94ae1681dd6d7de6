/** Embedded databases with a shop, DNS, an application that writes and keeps a ledger of what it was promised: the first five minutes. */
@NullMarked
package dev.lockstep.cutover.demo;

import org.jspecify.annotations.NullMarked;
