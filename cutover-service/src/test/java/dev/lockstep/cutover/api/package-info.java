@NullMarked
package dev.lockstep.cutover.api;

import org.jspecify.annotations.NullMarked;
