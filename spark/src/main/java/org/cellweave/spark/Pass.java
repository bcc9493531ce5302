package org.cellweave.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.cellweave.matrix.RangeKernel;

/**
 * One pass over ranges of rows. Ranges go out in waves, two under way at a time, so that executors
 * never wait for what is done here; a wave is small enough for what it gives to fit the memory that
 * Spark leaves to results.
 */
final class Pass<T> {
  /** Ranges of the first waves at most: how much they give is not known yet. */
  private static final int FIRST = 16;

  private final SparkRunner runner;
  private final JavaSparkContext spark;
  private final RangeWork work;
  private final int[] bounds;
  private final RangeKernel.Take<T> take;
  private final Deque<Wave> underWay = new ArrayDeque<>();
  private final long mostBytes;
  private int largest;

  private record Wave(int first, JavaFutureAction<List<byte[]>> answers) {}

  Pass(SparkRunner runner, RangeWork work, int[] bounds, RangeKernel.Take<T> take) {
    this.runner = runner;
    this.spark = runner.spark();
    this.work = work;
    this.bounds = bounds;
    this.take = take;
    this.mostBytes = Jobs.resultBytes(spark);
  }

  /** The number of ranges that were taken: less than all when what they give cannot travel. */
  int run() {
    int groups = bounds.length - 1;
    int next = 0;
    try {
      while (next < groups || !underWay.isEmpty()) {
        while (next < groups && underWay.size() < 2) {
          next = submit(next, Math.min(groups, next + width()));
        }
        Wave wave = underWay.remove();
        List<byte[]> answers = Jobs.await(wave.answers, spark);
        for (int k = 0; k < answers.size(); k++) {
          if (!taken(wave.first + k, answers.set(k, null))) {
            return wave.first + k;
          }
        }
      }
    } finally {
      underWay.forEach(wave -> wave.answers.cancel(true));
    }
    return groups;
  }

  private int width() {
    int cores = Math.max(2, spark.defaultParallelism());
    if (largest == 0) {
      return Math.min(FIRST, cores);
    }
    return (int) Math.max(1, Math.min(2L * cores, mostBytes / largest));
  }

  private int submit(int from, int to) {
    List<int[]> ranges = new ArrayList<>();
    for (int g = from; g < to; g++) {
      ranges.add(new int[] {bounds[g], bounds[g + 1]});
    }
    var answers = spark.parallelize(ranges, ranges.size()).mapPartitions(work).collectAsync();
    underWay.add(new Wave(from, answers));
    return to;
  }

  @SuppressWarnings("unchecked")
  private boolean taken(int group, byte[] bytes) {
    largest = Math.max(largest, bytes.length);
    RangeWork.Answer answer = RangeWork.Answer.open(bytes);
    if (answer.stays()) {
      return false;
    }
    runner.count();
    take.part(bounds[group], (T) answer.required());
    return true;
  }
}
