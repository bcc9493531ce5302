package org.cellweave.neural.fused;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.linalg.Blas;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.util.Parallel;

/** Arrays that one training step after the other uses again, so that steps allocate nothing. */
final class Buffers implements AutoCloseable {
  private static final int COPIED = 1 << 16;

  private final Map<Integer, Deque<float[]>> free = new HashMap<>();
  private final List<float[]> taken = new ArrayList<>();
  private final Map<Integer, Deque<float[][]>> freeRows = new HashMap<>();
  private final List<float[][]> takenRows = new ArrayList<>();
  private final Map<Integer, Deque<FloatPointer>> freeNative = new HashMap<>();
  private final List<FloatPointer> takenNative = new ArrayList<>();

  private final Map<Integer, DoubleArrays> doubles = new HashMap<>();

  /** Null where weights change from pass to pass. */
  private final KeptWeights kept;

  Buffers() {
    this(null);
  }

  Buffers(KeptWeights kept) {
    this.kept = kept;
  }

  /** Of any content. */
  float[] take(int size) {
    Deque<float[]> of = free.get(size);
    float[] array = of == null || of.isEmpty() ? new float[size] : of.pop();
    taken.add(array);
    return array;
  }

  float[] zeros(int size) {
    float[] array = take(size);
    Arrays.fill(array, 0);
    return array;
  }

  /**
   * Rows of any content, each an array of its own, until the next {@link #release}.
   *
   * @param count at least as many
   */
  float[][] rows(int count, int size) {
    Deque<float[][]> of = freeRows.get(size);
    float[][] found = of == null || of.isEmpty() ? new float[0][] : of.pop();
    if (found.length < count) {
      int had = found.length;
      found = Arrays.copyOf(found, count);
      for (int i = had; i < count; i++) {
        found[i] = new float[size];
      }
    }
    takenRows.add(found);
    return found;
  }

  /**
   * Off-heap; not to be written where weights are kept, as they are in passes without gradients.
   */
  FloatPointer weight(Parameter weight) {
    return kept == null ? copy(weight.values(), weight.values().length) : kept.offHeap(weight);
  }

  /** Every row of a weight as an array of its own; null where weights are not kept. */
  float[][] keptRows(Parameter weight) {
    return kept == null ? null : kept.rows(weight);
  }

  /** Arrays of that length, for blocks to take from and give back to. */
  DoubleArrays doubles(int length) {
    return doubles.computeIfAbsent(length, DoubleArrays::new);
  }

  /** Off-heap, with a copy of the first {@code size} values. */
  FloatPointer copy(float[] values, int size) {
    FloatPointer out = takeNative(size);
    copy(values, size, out);
    return out;
  }

  static void copy(float[] values, int size, FloatPointer to) {
    Parallel.forRange(
        size, COPIED, (from, end) -> to.getPointer(from).put(values, from, end - from));
  }

  /** Off-heap, of any content. */
  FloatPointer takeNative(int size) {
    Deque<FloatPointer> of = freeNative.get(size);
    FloatPointer out = of == null || of.isEmpty() ? Blas.floats(size) : of.pop();
    takenNative.add(out);
    return out;
  }

  /** Takes everything back. */
  void release() {
    for (float[] array : taken) {
      free.computeIfAbsent(array.length, k -> new ArrayDeque<>()).push(array);
    }
    taken.clear();
    for (float[][] rows : takenRows) {
      int size = rows.length == 0 ? 0 : rows[0].length;
      freeRows.computeIfAbsent(size, k -> new ArrayDeque<>()).push(rows);
    }
    takenRows.clear();
    for (FloatPointer pointer : takenNative) {
      freeNative.computeIfAbsent((int) pointer.capacity(), k -> new ArrayDeque<>()).push(pointer);
    }
    takenNative.clear();
  }

  @Override
  public void close() {
    release();
    freeNative.values().forEach(of -> of.forEach(FloatPointer::close));
    freeNative.clear();
    free.clear();
    freeRows.clear();
    doubles.clear();
  }
}
