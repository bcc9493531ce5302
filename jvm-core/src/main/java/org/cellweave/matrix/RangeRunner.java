package org.cellweave.matrix;

/** Runs passes over rows where they are, on other processes or machines. */
public interface RangeRunner {
  /**
   * @param bounds first rows of the ranges, and the number of rows
   * @param take is given the parts in the order of the ranges, on the calling thread
   */
  <T> void run(RowStore store, int[] bounds, RangeKernel<T> kernel, RangeKernel.Take<T> take);
}
