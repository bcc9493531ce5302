package org.cellweave.clonal;

import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;

/**
 * How the cells of each clone are spread over fates.
 *
 * @param counts cells by clone and fate, row-major; those without a clone or a fate are left out
 */
public record Composition(int nClones, int nFates, int[] counts) {
  public Composition {
    Check.sameLength(counts.length, nClones * nFates, "counts", "nClones * nFates");
  }

  /**
   * @param clones of the cells
   * @param fates of the same cells
   */
  public static Composition of(Categories clones, Categories fates) {
    Check.sameLength(fates.nCells(), clones.nCells(), "the cells of fates", "those of clones");
    int nFates = fates.nLevels();
    int[] counts = new int[Math.multiplyExact(clones.nLevels(), nFates)];
    for (int i = 0; i < clones.nCells(); i++) {
      if (clones.code(i) >= 0 && fates.code(i) >= 0) {
        counts[clones.code(i) * nFates + fates.code(i)]++;
      }
    }
    return new Composition(clones.nLevels(), nFates, counts);
  }

  /** Cells of a clone and fate. */
  public int count(int clone, int fate) {
    return counts[clone * nFates + fate];
  }

  /** Clones by fates, int64. */
  public CsrMatrix countMatrix() {
    var out = new CsrBuilder(nFates, DType.INT64);
    int[] at = new int[nFates];
    double[] values = new double[nFates];
    for (int c = 0; c < nClones; c++) {
      int n = 0;
      for (int f = 0; f < nFates; f++) {
        if (count(c, f) > 0) {
          at[n] = f;
          values[n++] = count(c, f);
        }
      }
      out.addRow(at, values, n);
    }
    return out.build();
  }

  /** Clones by fates, float64: each row sums to one, or is zero where no cell has a fate. */
  public DenseMatrix proportions() {
    var out = DenseMatrix.zeros(nClones, nFates, DType.FLOAT64);
    double[] row = new double[nFates];
    for (int c = 0; c < nClones; c++) {
      double total = 0;
      for (int f = 0; f < nFates; f++) {
        total += count(c, f);
      }
      for (int f = 0; f < nFates; f++) {
        row[f] = total > 0 ? count(c, f) / total : 0;
      }
      out.setRow(c, row);
    }
    return out;
  }

  /** Fates that each clone has cells of. */
  public int[] fatesPerClone() {
    int[] found = new int[nClones];
    Arrays.setAll(
        found,
        c -> (int) Arrays.stream(counts, c * nFates, (c + 1) * nFates).filter(n -> n > 0).count());
    return found;
  }

  /** Clones that have cells of each fate. */
  public int[] clonesPerFate() {
    int[] found = new int[nFates];
    for (int p = 0; p < counts.length; p++) {
      found[p % nFates] += counts[p] > 0 ? 1 : 0;
    }
    return found;
  }
}
