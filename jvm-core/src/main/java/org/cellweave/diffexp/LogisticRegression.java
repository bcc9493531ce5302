package org.cellweave.diffexp;

import java.util.Arrays;
import org.cellweave.linalg.Lbfgs;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Multinomial logistic regression with a ridge penalty and free intercepts, as scikit-learn 1.7
 * defines it: two classes have one set of coefficients, those of the second class.
 */
final class LogisticRegression {
  private final CsrMatrix x;
  private final int[] codes;
  private final int nOut;
  private final int nGenes;
  private final double penalty;

  /**
   * @param codes class of every cell
   * @param inverseStrength scikit-learn's C
   */
  LogisticRegression(CsrMatrix x, int[] codes, int nClasses, double inverseStrength) {
    this.x = x;
    this.codes = codes;
    this.nOut = nClasses == 2 ? 1 : nClasses;
    this.nGenes = x.nCols();
    this.penalty = 1 / (inverseStrength * x.nRows());
  }

  /**
   * @param coefficients by class and gene
   */
  record Fit(double[][] coefficients, int iterations, boolean converged) {}

  Fit fit(int maxIter, double tol, Progress progress) {
    var found =
        Lbfgs.minimise(
            this::loss,
            new double[(nGenes + 1) * nOut],
            new Lbfgs.Stop(maxIter, tol, 0),
            (iteration, w, value) ->
                progress.step("logistic regression", iteration, maxIter, value));
    double[][] coefficients = new double[nOut][nGenes];
    for (int j = 0; j < nGenes; j++) {
      for (int c = 0; c < nOut; c++) {
        coefficients[c][j] = found.x()[j * nOut + c];
      }
    }
    return new Fit(coefficients, found.iterations(), found.converged());
  }

  /** Mean loss of the cells plus penalty; weights by gene and class, intercepts last. */
  private double loss(double[] w, double[] gradient) {
    int[] bounds = x.groupBounds();
    var parts =
        Parallel.map(
            bounds.length - 1,
            g -> {
              double[] part = new double[w.length + 1];
              for (int b = bounds[g]; b < bounds[g + 1]; b++) {
                addBlock(x.block(b), w, part);
              }
              return part;
            });
    Arrays.fill(gradient, 0);
    double loss = 0;
    for (double[] part : parts) {
      for (int k = 0; k < gradient.length; k++) {
        gradient[k] += part[k];
      }
      loss += part[w.length];
    }
    int n = x.nRows();
    double squares = 0;
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] /= n;
      if (k < nGenes * nOut) {
        gradient[k] += penalty * w[k];
        squares += w[k] * w[k];
      }
    }
    return loss / n + penalty * squares / 2;
  }

  private void addBlock(CsrMatrix.Block block, double[] w, double[] part) {
    int[] indices = block.indices();
    float[] values = block.values();
    double[] z = new double[nOut];
    for (int i = block.firstRow(); i < block.endRow(); i++) {
      System.arraycopy(w, nGenes * nOut, z, 0, nOut);
      int end = block.end(i);
      for (int p = block.start(i); p < end; p++) {
        double v = values[p];
        int from = indices[p] * nOut;
        for (int c = 0; c < nOut; c++) {
          z[c] += v * w[from + c];
        }
      }
      part[w.length] += nOut == 1 ? sigmoid(z, codes[i]) : softmax(z, codes[i]);
      for (int p = block.start(i); p < end; p++) {
        double v = values[p];
        int from = indices[p] * nOut;
        for (int c = 0; c < nOut; c++) {
          part[from + c] += v * z[c];
        }
      }
      for (int c = 0; c < nOut; c++) {
        part[nGenes * nOut + c] += z[c];
      }
    }
  }

  /** Turns the score into the loss's derivative; returns the loss. */
  private static double sigmoid(double[] z, int code) {
    double margin = code == 1 ? z[0] : -z[0];
    double loss =
        margin > 0
            ? Elementary.log1p(Elementary.exp(-margin))
            : Elementary.log1p(Elementary.exp(margin)) - margin;
    z[0] = 1 / (1 + Elementary.exp(-z[0])) - code;
    return loss;
  }

  private static double softmax(double[] z, int code) {
    double max = Double.NEGATIVE_INFINITY;
    for (double s : z) {
      max = Math.max(max, s);
    }
    double sum = 0;
    double own = z[code] - max;
    for (int c = 0; c < z.length; c++) {
      z[c] = Elementary.exp(z[c] - max);
      sum += z[c];
    }
    for (int c = 0; c < z.length; c++) {
      z[c] /= sum;
    }
    z[code] -= 1;
    return Elementary.log(sum) - own;
  }
}
