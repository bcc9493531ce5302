package org.cellweave.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.cellweave.matrix.RangeKernel;

/**
 * One pass over ranges of rows, or other tasks. They go out in waves, two under way at a time, so
 * that executors never wait for what is done here; a wave is small enough for what it gives to fit
 * the memory that Spark leaves to results.
 */
final class Pass<I, T> {
  /** Tasks of the first waves at most: how much they give is not known yet. */
  private static final int FIRST = 16;

  private final SparkRunner runner;
  private final JavaSparkContext spark;
  private final FlatMapFunction<Iterator<I>, byte[]> work;
  private final int count;
  private final IntFunction<I> tasks;
  private final RangeKernel.Take<T> take;
  private final Deque<Wave> underWay = new ArrayDeque<>();
  private final long mostBytes;
  private int largest;

  private record Wave(int first, JavaFutureAction<List<byte[]>> answers) {}

  /**
   * @param count of the tasks
   * @param tasks what is sent, by number
   * @param work gives one answer for each
   * @param take is given the numbers
   */
  Pass(
      SparkRunner runner,
      int count,
      IntFunction<I> tasks,
      FlatMapFunction<Iterator<I>, byte[]> work,
      RangeKernel.Take<T> take) {
    this.runner = runner;
    this.spark = runner.spark();
    this.count = count;
    this.tasks = tasks;
    this.work = work;
    this.take = take;
    this.mostBytes = Jobs.resultBytes(spark);
  }

  /** The number of tasks that were taken: less than all when what they give cannot travel. */
  int run() {
    int next = 0;
    try {
      while (next < count || !underWay.isEmpty()) {
        while (next < count && underWay.size() < 2) {
          next = submit(next, Math.min(count, next + width()));
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
    return count;
  }

  private int width() {
    int cores = Math.max(2, spark.defaultParallelism());
    if (largest == 0) {
      return Math.min(FIRST, cores);
    }
    return (int) Math.max(1, Math.min(2L * cores, mostBytes / largest));
  }

  private int submit(int from, int to) {
    List<I> some = new ArrayList<>();
    for (int task = from; task < to; task++) {
      some.add(tasks.apply(task));
    }
    var answers = spark.parallelize(some, some.size()).mapPartitions(work).collectAsync();
    underWay.add(new Wave(from, answers));
    return to;
  }

  @SuppressWarnings("unchecked")
  private boolean taken(int task, byte[] bytes) {
    largest = Math.max(largest, bytes.length);
    RangeWork.Answer answer = RangeWork.Answer.open(bytes);
    if (answer.stays()) {
      return false;
    }
    runner.count();
    take.part(task, (T) answer.required());
    return true;
  }
}
