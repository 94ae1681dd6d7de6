/** The proof as a document: a record of the verdicts that shows later changes, and the report made of it. */
@NullMarked
package dev.lockstep.cutover.report;

import org.jspecify.annotations.NullMarked;
