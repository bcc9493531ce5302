package org.cellweave.preprocess.sctransform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.internal.Mask;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.RowStack;
import org.cellweave.matrix.Rows;
import org.cellweave.preprocess.PearsonResiduals;
import org.cellweave.preprocess.RankedGenes;
import org.cellweave.preprocess.ValueFacts;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedRowException;

/**
 * Variance-stabilised counts: a negative binomial of every gene, whose mean follows the cell's
 * total and whose parameters are smoothed over genes of like abundance; Pearson residuals under it,
 * their variance, and the counts at equal depth.
 *
 * <p>{@link Flavor#V1} fits intercept and slope of a Poisson regression on log10 of the total, then
 * theta. {@link Flavor#V2} fixes the slope at log(10), so that the mean is a share of the total,
 * fits intercept and theta together, leaves genes that vary no more than a Poisson out of the first
 * step and as they are after it, and lets no variance fall below that at which the median count has
 * a residual of five. In both, the overdispersion {@code log10(1 + mean / theta)} is smoothed
 * rather than theta.
 *
 * <p>Departures from the R packages: theta is the maximum of the likelihood itself, without the
 * Cox-Reid term that glmGamPoi adds, a difference that shrinks with the number of cells; in version
 * 1, too, theta ends where the variance is above the mean by a ten-thousandth; draws of cells and
 * genes are those of our generator; bandwidths are solved to rounding.
 *
 * <p>Batches are models of their own. The genes of their residuals are chosen together: first those
 * that most batches have among their {@code nTopGenes}, then by median rank.
 *
 * <p>Cost: O(nnz + p) for the models and variances, O(n * genes) for residuals.
 *
 * @see <a href="https://doi.org/10.1186/s13059-019-1874-1">Hafemeister 2019</a>
 * @see <a href="https://doi.org/10.1186/s13059-021-02584-9">Choudhary 2022</a>
 */
public final class SCTransform {
  /** Sums of a gene's counts must remain whole numbers in float64 and fit an index. */
  private static final int LARGEST_COUNT = 1_000_000_000;

  private SCTransform() {}

  /** The two published models. */
  public enum Flavor {
    V1,
    V2
  }

  /**
   * @param flavor which model
   * @param nCells cells of the first step, drawn at random; null for 5000 in version 1 and 2000 in
   *     version 2
   * @param nGenes genes of the first step, drawn so that all levels of expression have their share
   * @param minCells genes with counts in fewer cells have no model, and residuals and corrected
   *     counts of 0
   * @param bwAdjust factor of the bandwidth by Sheather and Jones
   * @param clip residuals are cut at plus and minus this; null for the root of a thirtieth of the
   *     number of cells, as Seurat's verb has it
   * @param resClipRange as {@code clip}, of the residuals of which the variance is taken; null for
   *     the root of the number of cells
   * @param nTopGenes variable genes to choose
   * @param returnOnlyVarGenes residuals of these alone; false for all genes that have a model
   * @param doCorrectCounts whether counts at equal depth are made
   * @param doCenter subtracts the mean of each gene's residuals after they were cut
   * @param seed of the draws
   */
  public record Params(
      Flavor flavor,
      Integer nCells,
      int nGenes,
      int minCells,
      double bwAdjust,
      Double clip,
      Double resClipRange,
      int nTopGenes,
      boolean returnOnlyVarGenes,
      boolean doCorrectCounts,
      boolean doCenter,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (nCells != null) {
        Check.positive(nCells, "nCells");
      }
      Check.positive(nGenes, "nGenes");
      Check.positive(minCells, "minCells");
      Check.finite(Check.positive(bwAdjust, "bwAdjust"), "bwAdjust");
      if (clip != null) {
        Check.positive(clip, "clip");
      }
      if (resClipRange != null) {
        Check.positive(resClipRange, "resClipRange");
      }
      Check.positive(nTopGenes, "nTopGenes");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Flavor flavor = Flavor.V2;
      private Integer nCells = null;
      private int nGenes = 2000;
      private int minCells = 5;
      private double bwAdjust = 3;
      private Double clip = null;
      private Double resClipRange = null;
      private int nTopGenes = 3000;
      private boolean returnOnlyVarGenes = true;
      private boolean doCorrectCounts = true;
      private boolean doCenter = true;
      private long seed = 0;

      public Builder flavor(Flavor value) {
        this.flavor = value;
        return this;
      }

      public Builder nCells(Integer value) {
        this.nCells = value;
        return this;
      }

      public Builder nGenes(int value) {
        this.nGenes = value;
        return this;
      }

      public Builder minCells(int value) {
        this.minCells = value;
        return this;
      }

      public Builder bwAdjust(double value) {
        this.bwAdjust = value;
        return this;
      }

      public Builder clip(Double value) {
        this.clip = value;
        return this;
      }

      public Builder resClipRange(Double value) {
        this.resClipRange = value;
        return this;
      }

      public Builder nTopGenes(int value) {
        this.nTopGenes = value;
        return this;
      }

      public Builder returnOnlyVarGenes(boolean value) {
        this.returnOnlyVarGenes = value;
        return this;
      }

      public Builder doCorrectCounts(boolean value) {
        this.doCorrectCounts = value;
        return this;
      }

      public Builder doCenter(boolean value) {
        this.doCenter = value;
        return this;
      }

      public Builder seed(long value) {
        this.seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            flavor,
            nCells,
            nGenes,
            minCells,
            bwAdjust,
            clip,
            resClipRange,
            nTopGenes,
            returnOnlyVarGenes,
            doCorrectCounts,
            doCenter,
            seed);
      }
    }

    int cellsFor() {
      return nCells != null ? nCells : flavor == Flavor.V1 ? 5000 : 2000;
    }

    double clipFor(int cells) {
      return clip != null ? clip : Math.sqrt(cells / 30.0);
    }

    double resClipFor(int cells) {
      return resClipRange != null ? resClipRange : Math.sqrt(cells);
    }
  }

  /**
   * @param models one per batch
   * @param residualMean of every gene before cutting at {@code clip}, mean over the batches that
   *     model it; NaN for genes without a model
   * @param residualVariance likewise
   * @param chosen the variable genes
   * @param genes columns of the residuals, ascending
   * @param residuals cells by {@code genes}, float32
   * @param corrected counts at equal depth, cells by all genes; null when not asked for
   */
  public record Result(
      List<GeneModels> models,
      double[] residualMean,
      double[] residualVariance,
      RankedGenes chosen,
      int[] genes,
      DenseMatrix residuals,
      CsrMatrix corrected) {}

  public static Result run(Matrix x, Params params) {
    return run(x, null, null, params, Progress.NONE);
  }

  /**
   * @param x counts, cells by genes; not changed
   * @param batches each is fitted by itself; null for none
   * @param covariate intercept and, in version 1, slope are fitted for each of its levels; null for
   *     none
   * @throws IllegalArgumentException when values are not whole numbers from 0 on, a cell has no
   *     counts, or too few genes can be fitted
   */
  public static Result run(
      Matrix x, Categories batches, Categories covariate, Params params, Progress progress) {
    double[] totals = checkedTotals(x);
    int[][] members = {IntStream.range(0, x.nRows()).toArray()};
    if (batches != null) {
      members = batches.forCells(x.nRows()).complete().withoutUnused().members();
      batches.withoutUnused().cellsInEach(params.minCells(), "sctransform");
    }
    if (covariate != null) {
      covariate.forCells(x.nRows()).complete();
    }
    CsrMatrix csr = x.toCsr();
    int steps = 2 * members.length + 1;
    List<Part> parts = new ArrayList<>();
    for (int b = 0; b < members.length; b++) {
      parts.add(Part.fit(csr, members, b, totals, covariate, params));
      progress.step("sctransform", b + 1, steps, Double.NaN);
      Parallel.checkInterrupted();
    }
    var ranked =
        RankedGenes.of(
            parts.stream().map(p -> p.moments[1]).toArray(double[][]::new), params.nTopGenes());
    boolean[] chosen = withModel(ranked.selected(), parts);
    int[] genes = Mask.indicesOf(params.returnOnlyVarGenes() ? chosen : withModel(null, parts));
    var rows = Rows.of(csr);
    var residuals = DenseMatrix.zeros(x.nRows(), genes.length, DType.FLOAT32);
    List<CsrMatrix> corrected = new ArrayList<>();
    for (int b = 0; b < members.length; b++) {
      Part part = parts.get(b);
      part.residuals.write(
          rows, part.cells, genes, params.clipFor(part.cells.length), params.doCenter(), residuals);
      if (params.doCorrectCounts()) {
        corrected.add(part.residuals.corrected(rows, part.cells, part.medianDepth()));
      }
      progress.step("sctransform", members.length + b + 1, steps, Double.NaN);
      Parallel.checkInterrupted();
    }
    CsrMatrix counts = params.doCorrectCounts() ? inOrder(corrected, members, csr) : null;
    progress.step("sctransform", steps, steps, Double.NaN);
    return new Result(
        parts.stream().map(p -> p.models).toList(),
        average(parts, 0),
        average(parts, 1),
        new RankedGenes(chosen, ranked.rank(), ranked.nBatches(), ranked.intersection()),
        genes,
        residuals,
        counts);
  }

  private static double[] checkedTotals(Matrix x) {
    if (x.nCols() == 0 || x.nRows() < 2) {
      throw new IllegalArgumentException(
          "sctransform needs genes and at least 2 cells, but X is " + x.shape());
    }
    ValueFacts facts = PearsonResiduals.checkCounts(x, "sctransform");
    if (facts.max() > LARGEST_COUNT) {
      throw new IllegalArgumentException(
          "sctransform takes counts of at most " + LARGEST_COUNT + ", got " + facts.max());
    }
    if (facts.nonInteger() != null) {
      throw new IllegalArgumentException(
          "sctransform needs whole counts, but X["
              + facts.nonInteger().row()
              + ", "
              + facts.nonInteger().col()
              + "] is "
              + facts.nonInteger().value()
              + ". Pass the layer that holds the counts");
    }
    double[] totals = x.rowSums();
    for (int i = 0; i < totals.length; i++) {
      if (totals[i] == 0) {
        throw new RefusedRowException(
            "sctransform needs counts in every cell, but ",
            "x",
            x.nRows(),
            " has none. Remove such cells first: filterCells(minCounts = 1)",
            i);
      }
    }
    return totals;
  }

  /**
   * The models of one batch with what is needed to use them.
   *
   * @param moments means and variances of residuals
   */
  private record Part(
      GeneModels models, Residuals residuals, int[] cells, double[] depth, double[][] moments) {
    static Part fit(
        CsrMatrix x, int[][] members, int b, double[] allTotals, Categories covariate, Params p) {
      int[] cells = members[b];
      CsrMatrix counts = (members.length == 1 ? x : x.takeRows(cells)).transposeToCsr();
      double[] totals = Arrays.stream(cells).mapToDouble(i -> allTotals[i]).toArray();
      int nLevels = 1;
      int[] level = new int[cells.length];
      if (covariate != null) {
        var there =
            covariate.subset(cells).withoutUnused().cellsInEach(p.minCells(), "sctransform");
        nLevels = there.nLevels();
        level = there.codes();
      }
      var models =
          new ModelFit(counts, totals, level, nLevels, p).run(Streams.of(p.seed(), b).nextLong());
      double[] depth = ModelFit.depths(totals);
      var residuals = new Residuals(models, depth, level);
      double[][] moments =
          residuals.moments(
              counts, DepthNodes.ofLevels(depth, level, nLevels), p.resClipFor(cells.length));
      return new Part(models, residuals, cells, depth, moments);
    }

    double medianDepth() {
      double[] sorted = depth.clone();
      Arrays.sort(sorted);
      return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
  }

  /** Those of {@code mask}, or of all genes, that some batch has a model of. */
  private static boolean[] withModel(boolean[] mask, List<Part> parts) {
    boolean[] out = new boolean[parts.get(0).models.modelled().length];
    for (int g = 0; g < out.length; g++) {
      int gene = g;
      out[g] = (mask == null || mask[g]) && parts.stream().anyMatch(p -> p.models.modelled()[gene]);
    }
    return out;
  }

  private static double[] average(List<Part> parts, int which) {
    double[] out = new double[parts.get(0).moments[which].length];
    for (int g = 0; g < out.length; g++) {
      int gene = g;
      out[g] =
          parts.stream()
              .mapToDouble(p -> p.moments[which][gene])
              .filter(v -> !Double.isNaN(v))
              .average()
              .orElse(Double.NaN);
    }
    return out;
  }

  private static CsrMatrix inOrder(List<CsrMatrix> parts, int[][] members, CsrMatrix x) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<int[]> places = IntStream.range(0, parts.size()).mapToObj(b -> (int[]) null).toList();
    CsrMatrix stacked = RowStack.vstack(parts, places, x.nCols(), DType.FLOAT32, 0);
    int[] row = new int[x.nRows()];
    int next = 0;
    for (int[] cells : members) {
      for (int cell : cells) {
        row[cell] = next++;
      }
    }
    return stacked.takeRows(row);
  }
}
