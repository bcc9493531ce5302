package org.cellweave.neural.fused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.cellweave.neural.data.Counts;
import org.cellweave.util.Parallel;

/**
 * One way through cells by genes that adds up the negative log likelihood and puts its gradients
 * where the logits were. Cells are taken in fixed blocks, in the order of their level, and what
 * genes gather is added up block by block.
 */
abstract class LikelihoodPass {
  static final int CELLS = 16;

  final Inputs in;
  final Counts counts;
  final int genes;
  final Dispersions dispersions;
  final boolean wantsGradient;
  final int[] levels;
  private final int[] order;
  private final DoubleArrays room;
  private double[] dispersionGradient;

  /**
   * @param counts of the cells
   * @param scale logits, replaced by gradients
   * @param dropout logits, replaced by gradients; null without
   * @param cellDispersion logarithms, replaced by gradients; null without
   * @param library logarithms of totals
   * @param libraryGradient written
   */
  record Inputs(
      Counts counts,
      float[] scale,
      float[] dropout,
      float[] cellDispersion,
      float[] library,
      float[] libraryGradient) {}

  /**
   * @param room arrays as long as there are genes
   */
  LikelihoodPass(
      Inputs inputs,
      Dispersions dispersions,
      int[] levels,
      boolean wantsGradient,
      DoubleArrays room) {
    this.in = inputs;
    this.counts = inputs.counts();
    this.genes = counts.genes();
    this.dispersions = dispersions;
    this.levels = levels;
    this.wantsGradient = wantsGradient;
    this.order = byLevel();
    this.room = room;
  }

  /** Sum over cells of the negative log likelihood. */
  double run() {
    return run(cell -> {});
  }

  /**
   * As {@link #run()}.
   *
   * @param settled told every cell whose gradients are where its logits were, on any thread
   */
  double run(IntConsumer settled) {
    int cells = counts.cells();
    int blocks = Parallel.nBlocks(cells, CELLS);
    double[] sums = new double[blocks];
    double[][][] gradients = new double[blocks][][];
    Parallel.forBlocks(
        blocks,
        b -> {
          Block block = block();
          int end = Math.min(cells, (b + 1) * CELLS);
          for (int at = b * CELLS; at < end; at++) {
            int cell = order[at];
            block.level(levels == null ? 0 : levels[cell]);
            sums[b] += block.cell(cell);
            settled.accept(cell);
          }
          sums[b] += block.end();
          gradients[b] = block.gradients;
          room.giveBack(block.taken);
        });
    if (wantsGradient && dispersions != null) {
      addUp(gradients);
    }
    return Arrays.stream(sums).sum();
  }

  /** Gradients of the logarithms of dispersions, after {@link #run}. */
  double[] dispersionGradient() {
    return dispersionGradient;
  }

  abstract Block block();

  /**
   * @param parts by block and level, null where a block has no cell of a level
   */
  private void addUp(double[][][] parts) {
    dispersionGradient = new double[dispersions.theta.length];
    Parallel.forRange(
        genes,
        1024,
        (from, to) -> {
          for (double[][] block : parts) {
            for (int level = 0; level < dispersions.rows; level++) {
              if (block[level] != null) {
                addUp(block[level], level * genes, from, to);
              }
            }
          }
        });
    for (double[][] block : parts) {
      room.giveBack(Arrays.stream(block).filter(Objects::nonNull).toList());
    }
  }

  private void addUp(double[] part, int at, int from, int to) {
    for (int g = from; g < to; g++) {
      dispersionGradient[at + g] += part[g] * dispersions.theta[at + g];
    }
  }

  /** Cells level by level, so that a block sees few changes of it. */
  private int[] byLevel() {
    int cells = counts.cells();
    int[] out = new int[cells];
    int next = 0;
    int levelCount = dispersions == null ? 1 : dispersions.rows;
    for (int level = 0; level < levelCount; level++) {
      for (int i = 0; i < cells; i++) {
        if (levels == null || dispersions == null || levels[i] == level) {
          out[next++] = i;
        }
      }
    }
    return out;
  }

  /** What one block of cells gathers. */
  abstract class Block {
    private final double[][] gradients =
        new double[dispersions == null || !wantsGradient ? 0 : dispersions.rows][];
    private final List<double[]> taken = new ArrayList<>();
    private int level = -1;

    /** Dispersions of the level. */
    final double[] theta = dispersions == null ? null : array();

    /** As {@link Dispersions#inverse}. */
    final double[] inverse = dispersions == null ? null : array();

    /** As long as there are genes, of any content, until the block ends. */
    final double[] array() {
      double[] out = room.take();
      taken.add(out);
      return out;
    }

    /** Tells the level of the next cells. */
    void level(int next) {
      if (next != level) {
        if (level >= 0) {
          endLevel();
        }
        level = dispersions == null ? 0 : next;
        // at the places of the genes: loops that read other places are not made vector code
        if (dispersions != null) {
          System.arraycopy(dispersions.theta, level * genes, theta, 0, genes);
          System.arraycopy(dispersions.inverse, level * genes, inverse, 0, genes);
        }
        beginLevel();
      }
    }

    int level() {
      return level;
    }

    /** Gradients of the dispersions of the present level. */
    double[] ownGradient() {
      if (gradients[level] == null) {
        gradients[level] = room.take();
        Arrays.fill(gradients[level], 0);
      }
      return gradients[level];
    }

    /** The part of a cell's negative log likelihood that is known at once. */
    abstract double cell(int cell);

    void beginLevel() {}

    void endLevel() {}

    /** The rest of the sum. */
    abstract double end();
  }
}
