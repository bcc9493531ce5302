package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.distributions.CountMath;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.fused.Shares;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Node;
import org.cellweave.util.Elementary;

/** Distributions of the counts of a block of rows, in float64. */
final class Decoded {
  private final int count;
  private final int genes;
  private final Likelihood likelihood;
  private final boolean softplus;
  private final float[] scale;
  private final float[] library;
  private final float[] dropout;
  private final float[] cellDispersion;
  private final RowDecoder.Dispersion dispersion;
  private final int[] levels;

  /** What {@link #Decoded} is made of, in its order. */
  static List<Node> nodes(CountHeads heads) {
    List<Node> out = new ArrayList<>(List.of(heads.scale(), heads.library()));
    if (heads.dropout() != null) {
      out.add(heads.dropout());
    }
    if (heads.cellDispersion() != null) {
      out.add(heads.cellDispersion());
    }
    return out;
  }

  /**
   * @param count rows that mean something
   * @param values of {@link #nodes}
   * @param levels that choose a row's dispersions; null where there is one level
   */
  Decoded(
      VaeShape shape,
      int count,
      List<float[]> values,
      RowDecoder.Dispersion dispersion,
      int[] levels) {
    this.count = count;
    this.genes = shape.genes();
    this.likelihood = shape.likelihood();
    this.softplus = shape.sizeFactor();
    this.scale = values.get(0);
    this.library = values.get(1);
    boolean zeros = likelihood == Likelihood.ZINB;
    this.dropout = zeros ? values.get(2) : null;
    boolean own = likelihood != Likelihood.POISSON && dispersion.theta() == null;
    this.cellDispersion = own ? values.get(zeros ? 3 : 2) : null;
    this.dispersion = dispersion;
    this.levels = levels;
  }

  int count() {
    return count;
  }

  /** Logarithm of the total that the row's expectations go by. */
  double logTotal(int row) {
    return library[row];
  }

  /** Shares of the counts by gene; with size factors they need not add up to one. */
  void shares(int row, double[] out) {
    int at = row * genes;
    if (softplus) {
      for (int g = 0; g < genes; g++) {
        out[g] = CountMath.softplus(scale[at + g]);
      }
      return;
    }
    Shares.of(scale, at, genes, out);
  }

  /** Expected counts by gene, those additional zeros not counted. */
  void means(int row, double[] out) {
    shares(row, out);
    double total = Elementary.exp(library[row]);
    for (int g = 0; g < genes; g++) {
      out[g] *= total;
    }
  }

  /** Dispersions by gene: the variance is {@code mu + mu^2 / theta}. */
  void dispersions(int row, double[] out) {
    if (likelihood == Likelihood.POISSON) {
      java.util.Arrays.fill(out, 0, genes, Double.POSITIVE_INFINITY);
    } else if (cellDispersion != null) {
      for (int g = 0; g < genes; g++) {
        out[g] = Elementary.exp(cellDispersion[row * genes + g]);
      }
    } else {
      int level = dispersion.rows() == 1 ? 0 : levels[row];
      System.arraycopy(dispersion.theta(), level * genes, out, 0, genes);
    }
  }

  /** Logit of the probability of an additional zero; negative infinity without any. */
  double zeroLogit(int row, int gene) {
    return dropout == null ? Double.NEGATIVE_INFINITY : dropout[row * genes + gene];
  }

  /**
   * Log likelihood of the counts of a cell, by what a row expects: first as if all were zero, then
   * with those that are not.
   *
   * @param means as {@link #means} gives them, or for another total
   * @param theta as {@link #dispersions} gives them
   */
  double logLikelihood(int row, Counts counts, int cell, double[] means, double[] theta) {
    double sum = 0;
    for (int g = 0; g < genes; g++) {
      sum += logLikelihood(row, g, 0, means[g], theta[g]);
    }
    for (int p = counts.start()[cell]; p < counts.start()[cell + 1]; p++) {
      int g = counts.gene()[p];
      sum +=
          logLikelihood(row, g, counts.value()[p], means[g], theta[g])
              - logLikelihood(row, g, 0, means[g], theta[g]);
    }
    return sum;
  }

  private double logLikelihood(int row, int gene, double x, double mean, double theta) {
    return switch (likelihood) {
      case NB -> CountMath.negativeBinomial(x, mean, theta);
      case ZINB -> CountMath.zeroInflated(x, mean, theta, dropout[row * genes + gene]);
      case POISSON -> CountMath.poisson(x, mean);
    };
  }
}
