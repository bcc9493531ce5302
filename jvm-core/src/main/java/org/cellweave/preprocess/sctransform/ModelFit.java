package org.cellweave.preprocess.sctransform;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Rows;
import org.cellweave.preprocess.Sampling;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;

/** Fits the models of one batch: some genes in some cells one by one, then all genes by a curve. */
final class ModelFit {
  /** Genes of a lower mean count are taken for Poisson in version 2. */
  private static final double RARE = 1e-3;

  private static final double MEDIAN_RESIDUAL = 5;

  private final CsrMatrix counts;
  private final double[] totals;
  private final int[] level;
  private final int nLevels;
  private final SCTransform.Params params;
  private final boolean isV2;
  private final double[] depth;
  private final GeneFacts facts;

  /**
   * @param counts genes by cells
   * @param totals of every cell, above zero
   * @param level of the covariate of every cell
   */
  ModelFit(CsrMatrix counts, double[] totals, int[] level, int nLevels, SCTransform.Params params) {
    this.counts = counts;
    this.totals = totals;
    this.level = level;
    this.nLevels = nLevels;
    this.params = params;
    this.isV2 = params.flavor() == SCTransform.Flavor.V2;
    this.depth = depths(totals);
    this.facts = GeneFacts.of(counts, level, nLevels);
  }

  static double[] depths(double[] totals) {
    return Arrays.stream(totals).map(Elementary::log10).toArray();
  }

  GeneModels run(long seed) {
    var random = new SplittableRandom(seed);
    boolean[] modelled = new boolean[counts.nRows()];
    for (int g = 0; g < modelled.length; g++) {
      modelled[g] = facts.detectedAnywhere(g) >= params.minCells();
    }
    int[] cells = cells(random);
    GeneModels.FirstStep bare = firstStep(cells, modelled, random);
    double[][] parameters = parameters(bare);
    double[] means = Arrays.stream(bare.geometricMean()).map(Elementary::log10).toArray();
    var curve = new ParameterCurve(means, parameters, params.bwAdjust());
    var first =
        new GeneModels.FirstStep(
            cells,
            bare.genes(),
            bare.geometricMean(),
            bare.theta(),
            bare.intercept(),
            bare.slope(),
            curve.outlier());
    return regularised(modelled, first, curve);
  }

  private int[] cells(SplittableRandom random) {
    int n = counts.nCols();
    int wanted = params.cellsFor();
    if (wanted >= n) {
      return IntStream.range(0, n).toArray();
    }
    int[] drawn = Shuffle.sample(n, wanted, random);
    Arrays.sort(drawn);
    return drawn;
  }

  private GeneModels.FirstStep firstStep(int[] cells, boolean[] modelled, SplittableRandom random) {
    int[] used = level;
    GeneFacts seen = facts;
    if (cells.length < level.length) {
      used = new int[level.length];
      Arrays.fill(used, -1);
      for (int cell : cells) {
        used[cell] = level[cell];
      }
      seen = GeneFacts.of(counts, used, nLevels);
    }
    GeneFacts there = seen;
    int[] able =
        IntStream.range(0, modelled.length).filter(g -> modelled[g] && fits(there, g)).toArray();
    if (able.length == 0) {
      throw new IllegalArgumentException(
          "sctransform has no gene to learn from: none has counts in "
              + params.minCells()
              + " cells"
              + (nLevels > 1 ? " of every level of batchVar" : "")
              + (isV2 ? " and varies more than a Poisson" : "")
              + " among the "
              + cells.length
              + " cells used. Lower minCells, or pass more cells");
    }
    int[] genes = sampled(able, there, random.nextLong());
    double[] means = Arrays.stream(genes).mapToDouble(there::geometricMean).toArray();
    return fit(cells, genes, means, used);
  }

  private boolean fits(GeneFacts seen, int gene) {
    return seen.detectedInEach(gene) >= params.minCells()
        && (!isV2 || (seen.variance(gene) > seen.mean(gene) && seen.mean(gene) >= RARE));
  }

  /** Genes of common means are drawn more rarely, so that all means have their share. */
  private int[] sampled(int[] able, GeneFacts seen, long seed) {
    if (params.nGenes() >= able.length) {
      return able;
    }
    double[] means =
        Arrays.stream(able).mapToDouble(g -> Elementary.log10(seen.geometricMean(g))).toArray();
    double[] density = KernelBandwidth.density(means, KernelBandwidth.normalReference(means));
    double[] weight = Arrays.stream(density).map(d -> 1 / (d + Math.ulp(1.0))).toArray();
    double sum = Arrays.stream(weight).sum();
    Arrays.setAll(weight, k -> weight[k] / sum);
    var draw = Sampling.Params.builder().fraction(null).size(params.nGenes()).seed(seed).build();
    int[] drawn = Sampling.run(able.length, weight, draw);
    return Arrays.stream(drawn).map(k -> able[k]).sorted().toArray();
  }

  private GeneModels.FirstStep fit(int[] cells, int[] genes, double[] means, int[] used) {
    DepthNodes[] nodes = DepthNodes.ofLevels(depth, used, nLevels);
    double[] theta = new double[genes.length];
    double[][] intercept = new double[nLevels][genes.length];
    double[][] slope = new double[nLevels][genes.length];
    var rows = Rows.of(counts);
    Parallel.forRange(
        genes.length,
        GeneFacts.GENES_PER_BLOCK,
        (from, to) -> {
          var fitter = new GeneFit(nodes, depth, level);
          for (int k = from; k < to; k++) {
            int at = k;
            rows.visit(
                genes[k],
                genes[k] + 1,
                (g, columns, start, v, n) -> fitter.load(columns, start, v, n, used));
            GeneFit.Fit found = isV2 ? fitter.offset() : fitter.poisson();
            theta[k] = found.theta();
            for (int l = 0; l < nLevels; l++) {
              intercept[l][at] = found.intercept()[l];
              slope[l][at] = found.slope()[l];
            }
          }
        });
    return new GeneModels.FirstStep(
        cells, genes, means, theta, intercept, slope, new boolean[genes.length]);
  }

  /** What is smoothed: overdispersion at the mean, intercepts, and slopes where they are free. */
  private double[][] parameters(GeneModels.FirstStep first) {
    double[][] out = new double[isV2 ? 1 + nLevels : 1 + 2 * nLevels][];
    out[0] = new double[first.genes().length];
    Arrays.setAll(out[0], k -> Elementary.log10(1 + first.geometricMean()[k] / first.theta()[k]));
    for (int l = 0; l < nLevels; l++) {
      out[1 + l] = first.intercept()[l];
      if (!isV2) {
        out[1 + nLevels + l] = first.slope()[l];
      }
    }
    return out;
  }

  private GeneModels regularised(
      boolean[] modelled, GeneModels.FirstStep first, ParameterCurve curve) {
    int nGenes = modelled.length;
    double[] means = filled(nGenes);
    double[] theta = filled(nGenes);
    double[][] intercept = new double[nLevels][];
    double[][] slope = new double[nLevels][];
    for (int l = 0; l < nLevels; l++) {
      intercept[l] = filled(nGenes);
      slope[l] = filled(nGenes);
    }
    boolean[] poisson = new boolean[nGenes];
    double[] totalOfLevel = levelTotals();
    Parallel.forRange(
        nGenes,
        GeneFacts.GENES_PER_BLOCK,
        (from, to) -> {
          for (int g = from; g < to; g++) {
            if (!modelled[g]) {
              continue;
            }
            means[g] = facts.geometricMean(g);
            poisson[g] = isV2 && isPoisson(g);
            double[] at = poisson[g] ? null : curve.at(Elementary.log10(means[g]));
            theta[g] =
                poisson[g] ? Double.POSITIVE_INFINITY : means[g] / (Elementary.pow(10, at[0]) - 1);
            for (int l = 0; l < nLevels; l++) {
              intercept[l][g] = poisson[g] ? Elementary.log(share(g, l, totalOfLevel)) : at[1 + l];
              slope[l][g] = isV2 ? GeneFit.OFFSET_SLOPE : at[1 + nLevels + l];
            }
          }
        });
    return new GeneModels(
        means,
        theta,
        intercept,
        slope,
        modelled,
        poisson,
        first,
        curve.bandwidth(),
        isV2 ? minVariance() : 0);
  }

  private static double[] filled(int n) {
    double[] out = new double[n];
    Arrays.fill(out, Double.NaN);
    return out;
  }

  private boolean isPoisson(int gene) {
    return facts.variance(gene) <= facts.mean(gene) || facts.mean(gene) < RARE;
  }

  /** All counts of every level. */
  private double[] levelTotals() {
    double[] out = new double[nLevels];
    for (int i = 0; i < totals.length; i++) {
      out[level[i]] += totals[i];
    }
    return out;
  }

  /** The gene's share of all counts of a level. */
  private double share(int gene, int l, double[] totalOfLevel) {
    return facts.sum()[l][gene] / totalOfLevel[l];
  }

  /** At this variance the median of the counts above zero has a residual of five. */
  private double minVariance() {
    double deviation = medianCount() / MEDIAN_RESIDUAL;
    return deviation * deviation;
  }

  private double medianCount() {
    var times = new TreeMap<Double, Long>();
    long[] small = new long[256];
    var rows = Rows.of(counts);
    rows.visit(
        0,
        counts.nRows(),
        (g, at, start, v, n) -> {
          for (int k = 0; k < n; k++) {
            if (v[k] > 0 && v[k] < small.length) {
              small[(int) v[k]]++;
            } else if (v[k] > 0) {
              times.merge(v[k], 1L, Long::sum);
            }
          }
        });
    for (int c = 1; c < small.length; c++) {
      if (small[c] > 0) {
        times.put((double) c, small[c]);
      }
    }
    long all = times.values().stream().mapToLong(Long::longValue).sum();
    return (value(times, (all - 1) / 2) + value(times, all / 2)) / 2;
  }

  /** The value at a place of the sorted list. */
  private static double value(Map<Double, Long> times, long place) {
    long before = 0;
    for (var entry : times.entrySet()) {
      before += entry.getValue();
      if (before > place) {
        return entry.getKey();
      }
    }
    throw new AssertionError(place);
  }
}
