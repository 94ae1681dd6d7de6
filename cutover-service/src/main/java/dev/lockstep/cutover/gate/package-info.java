/** May the traffic move? Inputs are gathered first; every rule then judges them in a pure function. */
@NullMarked
package dev.lockstep.cutover.gate;

import org.jspecify.annotations.NullMarked;
