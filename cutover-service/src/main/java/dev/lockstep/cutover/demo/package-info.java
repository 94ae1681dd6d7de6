/** The first five minutes: a shop in embedded databases, an application that writes to it, and a ledger of what it was promised. */
@NullMarked
package dev.lockstep.cutover.demo;

import org.jspecify.annotations.NullMarked;
