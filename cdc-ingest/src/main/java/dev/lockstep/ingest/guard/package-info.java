/** What a change log must not carry past a pause: changes of the tables themselves, and gaps. */
@NullMarked
package dev.lockstep.ingest.guard;

import org.jspecify.annotations.NullMarked;
