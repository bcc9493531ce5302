package org.cellweave.neural.isolated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;

/**
 * Cells as rows of numbers, for engines that read nothing else: counts, numbers, one-hot codes and
 * draws side by side. Draws take their places in the order in which they were asked for, as every
 * engine does.
 */
final class CellRows {
  private final List<Block> blocks = new ArrayList<>();
  private final Map<String, Integer> named = new HashMap<>();
  private int width;
  private float[] rows = new float[0];

  /** Fills its columns of all rows. */
  @FunctionalInterface
  private interface Block {
    void fill(Filling filling);
  }

  /** One minibatch on its way into the rows. */
  private final class Filling {
    final Minibatch minibatch;
    final Noise noise;
    final boolean training;
    final int cells;
    int place;

    Filling(Minibatch minibatch, Noise noise, boolean training) {
      this.minibatch = minibatch;
      this.noise = noise;
      this.training = training;
      this.cells = minibatch.cells(View.CELLS);
    }

    /** Puts a row-major matrix at the columns from {@code at} on. */
    void put(float[] values, int cols, int at) {
      for (int i = 0; i < cells; i++) {
        System.arraycopy(values, i * cols, rows, i * width + at, cols);
      }
    }
  }

  /** Columns of a row. */
  int width() {
    return width;
  }

  /** The first column of the counts of all genes. */
  int counts(int genes) {
    return once("counts", genes, at -> filling -> counts(filling, at));
  }

  /** The first column of numbers that are fed. */
  int numbers(String name, int cols) {
    return once(
        "numbers " + name,
        cols,
        at -> filling -> filling.put(filling.minibatch.numbers(View.CELLS, name), cols, at));
  }

  /** The first column of a code as zeros and a one. */
  int codes(String name, int levels) {
    return once("codes " + name, levels, at -> filling -> codes(filling, name, at));
  }

  /** The first column of what dropout multiplies with: 0 or more in training, else 1. */
  int dropout(double rate, int cols) {
    int at = take(cols);
    blocks.add(filling -> dropout(filling, rate, cols, at));
    return at;
  }

  /** The first column of standard normal draws. */
  int normal(int cols) {
    int at = take(cols);
    blocks.add(
        filling -> {
          float[] drawn = new float[filling.cells * cols];
          filling.noise.normal(filling.place++, drawn, drawn.length);
          filling.put(drawn, cols, at);
        });
    return at;
  }

  private int once(String name, int cols, java.util.function.IntFunction<Block> block) {
    Integer there = named.get(name);
    if (there != null) {
      return there;
    }
    int at = take(cols);
    named.put(name, at);
    blocks.add(block.apply(at));
    return at;
  }

  private int take(int cols) {
    int at = width;
    width += cols;
    return at;
  }

  /**
   * The rows of a minibatch; longer than they are many, and overwritten by the next ones.
   *
   * @param training whether dropout draws
   */
  float[] fill(Minibatch minibatch, Noise noise, boolean training) {
    Filling filling = new Filling(minibatch, noise, training);
    int size = Math.multiplyExact(filling.cells, width);
    if (rows.length < size) {
      rows = new float[size];
    } else {
      Arrays.fill(rows, 0, size, 0);
    }
    for (Block block : blocks) {
      block.fill(filling);
    }
    return rows;
  }

  private void counts(Filling filling, int at) {
    Counts counts = filling.minibatch.counts(View.CELLS);
    for (int i = 0; i < filling.cells; i++) {
      for (int p = counts.start()[i]; p < counts.start()[i + 1]; p++) {
        rows[i * width + at + counts.gene()[p]] = counts.value()[p];
      }
    }
  }

  private void codes(Filling filling, String name, int at) {
    int[] codes = filling.minibatch.codes(View.CELLS, name);
    for (int i = 0; i < filling.cells; i++) {
      rows[i * width + at + codes[i]] = 1;
    }
  }

  private static void dropout(Filling filling, double rate, int cols, int at) {
    float[] factor = new float[filling.cells * cols];
    Arrays.fill(factor, 1);
    if (filling.training) {
      filling.noise.uniform(filling.place++, factor, factor.length);
      float keep = (float) (1 / (1 - rate));
      for (int k = 0; k < factor.length; k++) {
        factor[k] = factor[k] < (float) rate ? 0 : keep;
      }
    }
    filling.put(factor, cols, at);
  }
}
