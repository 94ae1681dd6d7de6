package dev.lockstep.stream.apply;

import dev.lockstep.stream.cascade.ParentChange;
import java.util.List;

/**
 * A part of a batch. What changes of parents did on the source to rows of others depends on how those were just then; so there the batch is
 * cut, and each part is written when the one before it is.
 *
 * @param cascading changes of one table, all deletes or one update, whose cascades come first; none where nothing is cut
 * @param tables what these changes and those behind them come to
 */
record Segment(List<ParentChange> cascading, List<NetChanges> tables) {}
