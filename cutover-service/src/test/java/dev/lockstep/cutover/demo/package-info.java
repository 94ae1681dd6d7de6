@NullMarked
package dev.lockstep.cutover.demo;

import org.jspecify.annotations.NullMarked;
