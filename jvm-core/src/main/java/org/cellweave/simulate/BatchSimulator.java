package org.cellweave.simulate;

import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.random.CountDistributions;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Gamma-Poisson counts of several cell types in several batches.
 *
 * <p>A gene has a log-normal base level. Types descend from one another: each inherits half of its
 * parent's deviations and adds log fold changes of its own in a twentieth of the genes. A batch
 * shifts every gene by a normal log fold change. A cell's depth is log-normal; its count of a gene
 * is Poisson with a gamma-distributed rate, so that variance exceeds the mean.
 *
 * <p>Cost: O(nCells * nGenes) time, memory of the result. Every cell has its own random stream, so
 * that results do not depend on the number of threads.
 */
public final class BatchSimulator {
  private BatchSimulator() {}

  /**
   * @param nCells cells in all batches together
   * @param nGenes genes
   * @param nBatches batches, about equally large
   * @param nTypes cell types, in proportions that differ between batches
   * @param batchEffect standard deviation of the batches' log fold changes; 0 for none
   * @param typeEffect standard deviation of the types' log fold changes
   * @param depth median number of counts in a cell
   * @param dispersion variance of a rate over its squared mean; at most 1
   * @param seed seeds everything
   */
  public record Params(
      int nCells,
      int nGenes,
      int nBatches,
      int nTypes,
      double batchEffect,
      double typeEffect,
      double depth,
      double dispersion,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nCells, "nCells");
      Check.positive(nGenes, "nGenes");
      Check.positive(nBatches, "nBatches");
      Check.positive(nTypes, "nTypes");
      Check.nonNegative(batchEffect, "batchEffect");
      Check.nonNegative(typeEffect, "typeEffect");
      Check.positive(depth, "depth");
      Check.positive(dispersion, "dispersion");
      Check.inRange(dispersion, 0, 1, "dispersion");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nCells = 3000;
      private int nGenes = 2000;
      private int nBatches = 2;
      private int nTypes = 6;
      private double batchEffect = 0.15;
      private double typeEffect = 1.2;
      private double depth = 2500;
      private double dispersion = 0.25;
      private long seed = 0;

      public Builder nCells(int value) {
        nCells = value;
        return this;
      }

      public Builder nGenes(int value) {
        nGenes = value;
        return this;
      }

      public Builder nBatches(int value) {
        nBatches = value;
        return this;
      }

      public Builder nTypes(int value) {
        nTypes = value;
        return this;
      }

      public Builder batchEffect(double value) {
        batchEffect = value;
        return this;
      }

      public Builder typeEffect(double value) {
        typeEffect = value;
        return this;
      }

      public Builder depth(double value) {
        depth = value;
        return this;
      }

      public Builder dispersion(double value) {
        dispersion = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            nCells, nGenes, nBatches, nTypes, batchEffect, typeEffect, depth, dispersion, seed);
      }
    }
  }

  /**
   * @param counts nCells x nGenes
   * @param batch batch of every cell
   * @param type cell type of every cell
   * @param typeEffects log fold changes, {@code [type][gene]}
   * @param batchEffects log fold changes, {@code [batch][gene]}
   */
  public record Result(
      CsrMatrix counts, int[] batch, int[] type, double[][] typeEffects, double[][] batchEffects) {}

  public static Result run(Params params) {
    return run(params, Progress.NONE);
  }

  public static Result run(Params params, Progress progress) {
    var random = new SplittableRandom(params.seed());
    double[] base = normals(params.nGenes(), -1.2, 2.0, random.split());
    double[][] types = typeEffects(params, random.split());
    double[][] batches = new double[params.nBatches()][];
    var batchRandom = random.split();
    for (int b = 0; b < batches.length; b++) {
      batches[b] = normals(params.nGenes(), 0, params.batchEffect(), batchRandom);
    }
    int[] batch = new int[params.nCells()];
    int[] type = new int[params.nCells()];
    assign(params, batch, type, random.split());
    var sampler = new CountSampler(params.depth(), params.dispersion(), random.nextLong());
    CsrMatrix counts =
        sampler.draw(
            params.nCells(),
            params.nGenes(),
            (cell, out) -> {
              double[] ofType = types[type[cell]];
              double[] ofBatch = batches[batch[cell]];
              for (int g = 0; g < out.length; g++) {
                out[g] = base[g] + ofType[g] + ofBatch[g];
              }
            },
            progress);
    return new Result(counts, batch, type, types, batches);
  }

  static double[] normals(int n, double mean, double sd, SplittableRandom random) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = mean + sd * random.nextGaussian();
    }
    return out;
  }

  static double[][] typeEffects(Params params, SplittableRandom random) {
    int nGenes = params.nGenes();
    double[][] effects = new double[params.nTypes()][nGenes];
    for (int t = 0; t < effects.length; t++) {
      if (t > 0) {
        double[] ancestor = effects[random.nextInt(t)];
        for (int g = 0; g < nGenes; g++) {
          effects[t][g] = 0.5 * ancestor[g];
        }
      }
      for (int hit = 0; hit < Math.max(1, nGenes / 20); hit++) {
        effects[t][random.nextInt(nGenes)] += 0.8 + params.typeEffect() * random.nextGaussian();
      }
    }
    return effects;
  }

  /** Cells lie batch by batch; within a batch, types are drawn from its own proportions. */
  static void assign(Params params, int[] batch, int[] type, SplittableRandom random) {
    double[][] weights = new double[params.nBatches()][params.nTypes()];
    for (double[] w : weights) {
      double sum = 0;
      for (int t = 0; t < w.length; t++) {
        w[t] = CountDistributions.gamma(2, random);
        sum += w[t];
      }
      for (int t = 0; t < w.length; t++) {
        w[t] /= sum;
      }
    }
    for (int i = 0; i < batch.length; i++) {
      batch[i] = (int) ((long) i * params.nBatches() / batch.length);
      double u = random.nextDouble();
      int t = 0;
      while (t < params.nTypes() - 1 && u >= weights[batch[i]][t]) {
        u -= weights[batch[i]][t++];
      }
      type[i] = t;
    }
  }
}
