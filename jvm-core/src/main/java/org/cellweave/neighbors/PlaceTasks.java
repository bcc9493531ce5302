package org.cellweave.neighbors;

import java.io.Serializable;
import org.cellweave.matrix.RangeKernel;
import org.cellweave.matrix.RangeRunner;
import org.cellweave.util.Parallel;

/**
 * Work on the candidates of places, some places at a time, by the threads of this process or where
 * somebody else runs it. What comes of it is the same.
 */
final class PlaceTasks {
  /** Places of a task that is sent. */
  private static final int SENT = 4096;

  /** What is sent at once is an array of bytes. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1 << 20);

  private final RangeRunner runner;

  private PlaceTasks(RangeRunner runner) {
    this.runner = runner;
  }

  /**
   * @param runner null for this process
   * @param wanted neighbours of each point
   */
  static PlaceTasks of(RangeRunner runner, PointSet points, int wanted) {
    long asked = (8L * wanted + 4) * points.n;
    boolean fits = points.dense && Math.max(points.bytes(), asked) < MOST_BYTES;
    return new PlaceTasks(fits ? runner : null);
  }

  /**
   * Makes something of candidates of places {@code from <= p < to}, whose lists are {@code p -
   * before} and may be changed.
   */
  @FunctionalInterface
  interface Making<T> extends Serializable {
    T of(int from, int to, Candidates found, int before);
  }

  /** Changes candidates, as {@link Making} otherwise. */
  @FunctionalInterface
  interface Change extends Serializable {
    void of(int from, int to, Candidates found, int before);
  }

  /**
   * @param found by place
   * @param block places at a time in this process
   * @param after is called for all places, some at a time, by any thread
   */
  void change(Candidates found, int block, Change change, Parallel.RangeBody after) {
    int count = found.count();
    if (runner == null) {
      Parallel.forRange(
          count,
          block,
          (from, to) -> {
            change.of(from, to, found, 0);
            after.run(from, to);
          });
      return;
    }
    this.<Candidates>send(
        found,
        (from, to, part, before) -> {
          change.of(from, to, part, before);
          return part;
        },
        (from, part) -> {
          found.put(from, part);
          after.run(from, from + part.count());
        });
  }

  /**
   * As {@link #change}, but changes nothing.
   *
   * @param take is given the first places, by any thread
   */
  <T> void make(Candidates found, int block, Making<T> making, RangeKernel.Take<T> take) {
    if (runner == null) {
      Parallel.forRange(
          found.count(), block, (from, to) -> take.part(from, making.of(from, to, found, 0)));
    } else {
      send(found, making, take);
    }
  }

  private <T> void send(Candidates found, Making<T> making, RangeKernel.Take<T> take) {
    int count = found.count();
    runner.<Candidates, T>tasks(
        Parallel.nBlocks(count, SENT),
        task -> found.part(task * SENT, Math.min(count, (task + 1) * SENT)),
        (task, part) -> {
          int from = task * SENT;
          return making.of(from, from + part.count(), part, from);
        },
        (task, part) -> take.part(task * SENT, part));
  }
}
