package org.cellweave.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.random.CountDistributions;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Progress;

/**
 * Barcoded cells on their way from a common progenitor to several fates, in several wells.
 *
 * <p>Every clone is of a kind: one fate, or two, or all of them; the shares of fates among its
 * cells scatter around those of its kind. A cell has a fate and a maturity between progenitor (0)
 * and fate (1), and its expression lies between both, shifted by its well and a little by its
 * clone. A share of the barcodes has a clone in every well, sisters that are alike; the others have
 * one.
 *
 * <p>Cost: O(nCells * nGenes) time. Results do not depend on the number of threads.
 */
public final class CloneSimulator {
  /** How closely the shares of a clone follow those of its kind: the total of a Dirichlet's. */
  private static final double FAITHFULNESS = 20;

  /** Genes that a fate, or a clone, shifts: one in so many. */
  private static final int GENES_PER_HIT = 20;

  private static final double LOG_MEAN = -1.2;
  private static final double LOG_SPREAD = 2;

  private CloneSimulator() {}

  /**
   * @param nClones clones in all wells together; those of one barcode in two wells are two
   * @param meanCells mean number of cells in a clone; at least 1
   * @param nGenes genes
   * @param nFates fates
   * @param nWells wells, the batches
   * @param sisters share of the clones whose barcode is in every well
   * @param unlabelled share of the cells that have no barcode
   * @param wellEffect standard deviation of the wells' log fold changes; 0 for none
   * @param fateEffect standard deviation of the fates' log fold changes
   * @param cloneEffect standard deviation of the clones' log fold changes
   * @param depth median number of counts in a cell
   * @param dispersion variance of a rate over its squared mean; at most 1
   * @param seed seeds everything
   */
  public record Params(
      int nClones,
      double meanCells,
      int nGenes,
      int nFates,
      int nWells,
      double sisters,
      double unlabelled,
      double wellEffect,
      double fateEffect,
      double cloneEffect,
      double depth,
      double dispersion,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nClones, "nClones");
      Check.inRange(meanCells, 1, 1e6, "meanCells");
      Check.positive(nGenes, "nGenes");
      Check.positive(nFates, "nFates");
      Check.positive(nWells, "nWells");
      Check.inRange(sisters, 0, 1, "sisters");
      Check.inRange(unlabelled, 0, 0.99, "unlabelled");
      Check.nonNegative(wellEffect, "wellEffect");
      Check.nonNegative(fateEffect, "fateEffect");
      Check.nonNegative(cloneEffect, "cloneEffect");
      Check.positive(depth, "depth");
      Check.positive(dispersion, "dispersion");
      Check.inRange(dispersion, 0, 1, "dispersion");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nClones = 300;
      private double meanCells = 12;
      private int nGenes = 1000;
      private int nFates = 5;
      private int nWells = 2;
      private double sisters = 0.3;
      private double unlabelled = 0.2;
      private double wellEffect = 0.2;
      private double fateEffect = 1;
      private double cloneEffect = 0.2;
      private double depth = 2500;
      private double dispersion = 0.25;
      private long seed = 0;

      private Builder() {}

      public Builder nClones(int value) {
        nClones = value;
        return this;
      }

      public Builder meanCells(double value) {
        meanCells = value;
        return this;
      }

      public Builder nGenes(int value) {
        nGenes = value;
        return this;
      }

      public Builder nFates(int value) {
        nFates = value;
        return this;
      }

      public Builder nWells(int value) {
        nWells = value;
        return this;
      }

      public Builder sisters(double value) {
        sisters = value;
        return this;
      }

      public Builder unlabelled(double value) {
        unlabelled = value;
        return this;
      }

      public Builder wellEffect(double value) {
        wellEffect = value;
        return this;
      }

      public Builder fateEffect(double value) {
        fateEffect = value;
        return this;
      }

      public Builder cloneEffect(double value) {
        cloneEffect = value;
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
            nClones,
            meanCells,
            nGenes,
            nFates,
            nWells,
            sisters,
            unlabelled,
            wellEffect,
            fateEffect,
            cloneEffect,
            depth,
            dispersion,
            seed);
      }
    }
  }

  /**
   * @param counts cells by genes
   * @param cloneOf clone of every cell, -1 without a barcode
   * @param well of every cell
   * @param fate of every cell
   * @param maturity of every cell, between 0 and 1
   * @param barcode of every clone
   * @param kind of every clone: below the number of fates that one fate alone, then pairs of
   *     neighbouring fates, then all
   * @param shares of the fates in every clone, {@code [clone][fate]}
   */
  public record Result(
      CsrMatrix counts,
      int[] cloneOf,
      int[] well,
      int[] fate,
      double[] maturity,
      int[] barcode,
      int[] kind,
      double[][] shares) {}

  public static Result run(Params params) {
    return run(params, Progress.NONE);
  }

  public static Result run(Params params, Progress progress) {
    var random = new SplittableRandom(params.seed());
    var programs = Programs.of(params, random.split());
    var clones = Clones.of(params, random.split());
    var cells = Cells.of(params, clones, random.split());
    var sampler = new CountSampler(params.depth(), params.dispersion(), random.nextLong());
    CsrMatrix counts =
        sampler.draw(
            cells.well.length,
            params.nGenes(),
            (cell, out) -> programs.logRates(cells, clones, cell, out),
            progress);
    return new Result(
        counts,
        cells.label,
        cells.well,
        cells.fate,
        cells.maturity,
        clones.barcode,
        clones.kind,
        clones.shares);
  }

  /** What fates, wells and clones do to genes. */
  private record Programs(
      double[] base, double[][] fates, double[][] wells, long cloneSeed, double cloneEffect) {
    static Programs of(Params params, SplittableRandom random) {
      int nGenes = params.nGenes();
      double[] base = BatchSimulator.normals(nGenes, LOG_MEAN, LOG_SPREAD, random);
      double[][] fates = new double[params.nFates()][nGenes];
      for (double[] fate : fates) {
        for (int hit = 0; hit < Math.max(1, nGenes / GENES_PER_HIT); hit++) {
          fate[random.nextInt(nGenes)] += 0.8 + params.fateEffect() * random.nextGaussian();
        }
      }
      double[][] wells = new double[params.nWells()][];
      for (int w = 0; w < wells.length; w++) {
        wells[w] = BatchSimulator.normals(nGenes, 0, params.wellEffect(), random);
      }
      return new Programs(base, fates, wells, random.nextLong(), params.cloneEffect());
    }

    void logRates(Cells cells, Clones clones, int cell, double[] out) {
      double[] fate = fates[cells.fate[cell]];
      double[] well = wells[cells.well[cell]];
      for (int g = 0; g < out.length; g++) {
        out[g] = base[g] + cells.maturity[cell] * fate[g] + well[g];
      }
      // sisters in other wells have the same barcode, and so the same shifts
      var random = CountSampler.stream(cloneSeed, clones.barcode[cells.cloneOf[cell]]);
      for (int hit = 0; hit < Math.max(1, out.length / GENES_PER_HIT); hit++) {
        out[random.nextInt(out.length)] += cloneEffect * random.nextGaussian();
      }
    }
  }

  private record Clones(int[] well, int[] barcode, int[] kind, double[][] shares) {
    static Clones of(Params params, SplittableRandom random) {
      int n = params.nClones();
      int nWells = params.nWells();
      int nFates = params.nFates();
      int[] well = new int[n];
      int[] barcode = new int[n];
      int[] kind = new int[n];
      double[][] shares = new double[n][];
      int sets = nWells > 1 ? (int) (params.sisters() * n / nWells) : 0;
      for (int c = 0; c < n; c++) {
        boolean sister = c < sets * nWells;
        well[c] = c % nWells;
        barcode[c] = sister ? c / nWells : c - sets * nWells + sets;
        boolean later = sister && c % nWells > 0;
        kind[c] = later ? kind[c - 1] : kind(nFates, random);
        shares[c] = later ? shares[c - 1] : shares(kind[c], nFates, random);
      }
      return new Clones(well, barcode, kind, shares);
    }

    /** Two in four have one fate, one has two, one has all. */
    private static int kind(int nFates, SplittableRandom random) {
      return switch (random.nextInt(4)) {
        case 0, 1 -> random.nextInt(nFates);
        case 2 -> nFates + random.nextInt(nFates);
        default -> 2 * nFates;
      };
    }

    private static double[] shares(int kind, int nFates, SplittableRandom random) {
      double[] mean = new double[nFates];
      if (kind < nFates) {
        mean[kind] = 1;
      } else if (kind < 2 * nFates) {
        mean[kind - nFates] += 0.5;
        mean[(kind + 1) % nFates] += 0.5;
      } else {
        Arrays.fill(mean, 1.0 / nFates);
      }
      double sum = 0;
      double[] shares = new double[nFates];
      for (int f = 0; f < nFates; f++) {
        // one more than the shape, so that each is at least one; fates that a kind lacks stay rare
        double spread = CountDistributions.gamma(1 + FAITHFULNESS * mean[f], random);
        shares[f] = mean[f] > 0 ? spread : 0;
        sum += shares[f];
      }
      for (int f = 0; f < nFates; f++) {
        shares[f] /= sum;
      }
      return shares;
    }
  }

  /** {@code label} is the clone where a barcode was read, or -1. */
  private record Cells(int[] cloneOf, int[] label, int[] well, int[] fate, double[] maturity) {
    static Cells of(Params params, Clones clones, SplittableRandom random) {
      int[] sizes = new int[params.nClones()];
      int n = 0;
      for (int c = 0; c < sizes.length; c++) {
        // geometric: many small clones and a few large ones
        double u = 1 - random.nextDouble();
        double stay = 1 - 1 / params.meanCells();
        sizes[c] = 1 + (stay > 0 ? (int) (Elementary.log(u) / Elementary.log(stay)) : 0);
        n += sizes[c];
      }
      var cells = new Cells(new int[n], new int[n], new int[n], new int[n], new double[n]);
      int next = 0;
      for (int c = 0; c < sizes.length; c++) {
        for (int k = 0; k < sizes[c]; k++) {
          cells.cloneOf[next] = c;
          cells.well[next] = clones.well[c];
          cells.label[next] = random.nextDouble() < params.unlabelled() ? -1 : c;
          cells.fate[next] = drawn(clones.shares[c], random.nextDouble());
          cells.maturity[next++] = Math.sqrt(random.nextDouble());
        }
      }
      return cells;
    }

    private static int drawn(double[] shares, double u) {
      int f = 0;
      double rest = u;
      while (f < shares.length - 1 && rest >= shares[f]) {
        rest -= shares[f++];
      }
      return shares[f] > 0 ? f : largest(shares);
    }

    private static int largest(double[] shares) {
      int most = 0;
      for (int f = 1; f < shares.length; f++) {
        most = shares[f] > shares[most] ? f : most;
      }
      return most;
    }
  }
}
