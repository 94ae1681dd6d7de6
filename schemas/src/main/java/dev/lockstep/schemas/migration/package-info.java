/** The migration file: one YAML document per migration, as records. */
@NullMarked
package dev.lockstep.schemas.migration;

import org.jspecify.annotations.NullMarked;
