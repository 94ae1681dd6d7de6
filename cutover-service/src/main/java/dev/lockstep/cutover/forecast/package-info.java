/** What a move of the traffic would take and do: measured without making it. */
@NullMarked
package dev.lockstep.cutover.forecast;

import org.jspecify.annotations.NullMarked;
