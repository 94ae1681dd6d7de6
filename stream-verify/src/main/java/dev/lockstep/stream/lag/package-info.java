/** How far behind each stage of the pipeline is, how fast it goes, and what the proof says: a Kafka Streams topology. */
@NullMarked
package dev.lockstep.stream.lag;

import org.jspecify.annotations.NullMarked;
