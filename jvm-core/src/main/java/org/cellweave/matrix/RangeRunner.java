package org.cellweave.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.cellweave.util.Parallel;

/** Runs passes over rows where they are, on other processes or machines. */
public interface RangeRunner {
  /**
   * @param bounds first rows of the ranges, and the number of rows
   * @param take is given the parts in the order of the ranges, on the calling thread
   */
  <T> void run(RowStore store, int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take);

  /**
   * Gives the pieces of an exchange what the ranges have for them, and hands on what they make of
   * it. Unless a runner knows better, what all ranges give comes here.
   *
   * @param take is given what the pieces give in their order, with their numbers, on the calling
   *     thread
   */
  default <P, T> void exchange(
      RowStore store, int[] bounds, Exchange<P, T> exchange, RangeKernel.Take<T> take) {
    List<List<P>> given = new ArrayList<>();
    for (int piece = 0; piece < exchange.pieces(); piece++) {
      given.add(new ArrayList<>());
    }
    this.<List<P>>run(
        store,
        bounds,
        exchange::give,
        (from, parts) -> {
          for (int piece = 0; piece < parts.size(); piece++) {
            given.get(piece).add(parts.get(piece));
          }
        });
    for (int piece = 0; piece < given.size(); piece++) {
      take.part(piece, exchange.work(piece, given.set(piece, null)));
    }
  }

  /**
   * Runs tasks that read no rows. Unless a runner knows better they run here, in parallel.
   *
   * @param given what each task is given
   * @param take is given what the tasks make with their numbers, in any order and by any thread
   */
  default <G, T> void tasks(
      int count, IntFunction<G> given, TaskKernel<G, T> kernel, RangeKernel.Take<T> take) {
    Parallel.forBlocks(count, task -> take.part(task, kernel.of(task, given.apply(task))));
  }
}
