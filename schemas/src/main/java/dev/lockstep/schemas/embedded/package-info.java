/** Real servers that come with Maven: Kafka in-process, PostgreSQL and MariaDB as child processes. For embedded mode, demo and tests. */
@NullMarked
package dev.lockstep.schemas.embedded;

import org.jspecify.annotations.NullMarked;
