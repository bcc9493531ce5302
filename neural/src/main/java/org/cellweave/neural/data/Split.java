package org.cellweave.neural.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;

/**
 * Which cells are trained on and which are held out.
 *
 * @param training positions of cells, in random order
 * @param validation as {@code training}; empty where none are held out
 */
public record Split(int[] training, int[] validation) {

  /**
   * @param share of the cells that is trained on, in (0, 1]; rounded up
   * @param validationShare of the cells that is held out; NaN for all others
   * @param seed of the random order
   */
  public static Split of(int n, double share, double validationShare, long seed) {
    return of(n, share, validationShare, Streams.of(seed, -1));
  }

  /**
   * Splits cells with and without a label each by itself, so that both are trained on and held out.
   *
   * @param unlabelled code of the cells without a label
   */
  public static Split ofLabels(
      Categories labels, int unlabelled, double share, double validationShare, long seed) {
    List<int[]> parts = new ArrayList<>();
    int[] all = IntStream.range(0, labels.nCells()).toArray();
    parts.add(Arrays.stream(all).filter(i -> labels.code(i) != unlabelled).toArray());
    parts.add(Arrays.stream(all).filter(i -> labels.code(i) == unlabelled).toArray());
    List<Integer> training = new ArrayList<>();
    List<Integer> validation = new ArrayList<>();
    for (int k = 0; k < parts.size(); k++) {
      int[] cells = parts.get(k);
      if (cells.length > 0) {
        Split of = of(cells.length, share, validationShare, Streams.of(seed, -1 - k));
        Arrays.stream(of.training).forEach(i -> training.add(cells[i]));
        Arrays.stream(of.validation).forEach(i -> validation.add(cells[i]));
      }
    }
    return new Split(
        training.stream().mapToInt(Integer::intValue).toArray(),
        validation.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Split of(int n, double share, double validationShare, SplittableRandom random) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("trainSize must lie in (0, 1], got " + share);
    }
    if (!Double.isNaN(validationShare) && !(validationShare >= 0 && share + validationShare <= 1)) {
      throw new IllegalArgumentException(
          "validationSize must not be negative, and at most 1 - trainSize = "
              + (1 - share)
              + ", got "
              + validationShare);
    }
    int training = Math.max(1, (int) Math.ceil(share * n - 1e-9));
    int validation =
        Double.isNaN(validationShare)
            ? n - training
            : Math.min(n - training, (int) Math.floor(validationShare * n + 1e-9));
    int[] order = Shuffle.order(n, random);
    return new Split(
        Arrays.copyOfRange(order, validation, validation + training),
        Arrays.copyOf(order, validation));
  }
}
