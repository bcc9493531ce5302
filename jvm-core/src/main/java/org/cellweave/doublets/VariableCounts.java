package org.cellweave.doublets;

import java.util.Arrays;
import org.cellweave.internal.Mask;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.Counts;
import org.cellweave.preprocess.HighlyVariableGenes;
import org.cellweave.preprocess.Log1p;
import org.cellweave.preprocess.NormalizeTotal;

/**
 * Raw counts of the variable genes, and what brings cells and doublets to the same scale.
 *
 * @param counts kept cells by variable genes, raw
 * @param sizeFactors of the kept cells, from all genes
 * @param keptCells one per cell of the input
 */
record VariableCounts(CsrMatrix counts, float[] sizeFactors, boolean[] keptCells) {
  private static final int MIN_CELLS = 3;
  private static final int MIN_GENES = 3;
  private static final double TARGET = 1e6;

  /** Filters genes and cells as scanpy does, and keeps the genes that vary. */
  static VariableCounts of(Matrix raw) {
    CsrMatrix x = raw.toCsr().toFloat32();
    var genes = Counts.filterGenes(x, new Counts.Criterion(null, MIN_CELLS, null, null));
    x = genes.removed() > 0 ? x.takeCols(Mask.indicesOf(genes.keep())) : x;
    var cells = Counts.filterCells(x, new Counts.Criterion(null, MIN_GENES, null, null));
    x = cells.removed() > 0 ? x.takeRows(Mask.indicesOf(cells.keep())) : x;
    if (x.nRows() < 2 || x.nCols() < 2) {
      throw new IllegalArgumentException(
          "scrublet needs cells with at least 3 genes that are each found in 3 cells, but "
              + x.shape()
              + " of "
              + raw.shape()
              + " are left; check that X holds counts");
    }
    CsrMatrix logs = x.own();
    var sizes = NormalizeTotal.run(logs, NormalizeTotal.Params.DEFAULTS);
    Log1p.run(logs, Log1p.Params.DEFAULTS);
    String[] names = new String[x.nCols()];
    Arrays.setAll(names, Integer::toString);
    var variable = HighlyVariableGenes.run(logs, names, null, HighlyVariableGenes.Params.DEFAULTS);
    return new VariableCounts(
        x.takeCols(Mask.indicesOf(variable.highlyVariable())), sizes.sizeFactors(), cells.keep());
  }

  /** The cells on the scale of the comparison. */
  CsrMatrix observed(boolean logTransform) {
    CsrMatrix x = counts.own();
    x.forBlocks(
        block -> {
          float[] values = block.values();
          for (int i = block.firstRow(); i < block.endRow(); i++) {
            float factor = sizeFactors[i] == 0 ? 1 : sizeFactors[i];
            for (int p = block.start(i); p < block.end(i); p++) {
              values[p] /= factor;
            }
          }
        });
    return rescaled(x, logTransform);
  }

  /** Changes simulated counts to the scale of the comparison. */
  static CsrMatrix rescaled(CsrMatrix x, boolean logTransform) {
    if (logTransform) {
      Log1p.run(x, Log1p.Params.DEFAULTS);
    }
    NormalizeTotal.run(x, NormalizeTotal.Params.builder().targetSum(TARGET).build());
    return x;
  }
}
