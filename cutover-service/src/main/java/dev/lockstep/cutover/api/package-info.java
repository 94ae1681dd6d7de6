/** HTTP API, events stream, metrics, and the dashboard's files. */
@NullMarked
package dev.lockstep.cutover.api;

import org.jspecify.annotations.NullMarked;
