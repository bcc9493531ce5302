package org.cellweave.data;

import java.util.List;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;

/**
 * A snapshot of X, var and varm, usually taken before genes are selected.
 *
 * <p>An {@link AnnData} is one too, so that {@code adata.raw = adata} can be written; what is kept
 * is a copy of what it holds then. {@link #of} makes one of a matrix and its genes.
 */
public sealed interface Raw permits AnnData, RawSnapshot {
  /** A snapshot that holds these very values; nothing is copied. */
  static Raw of(Matrix x, DataFrame var) {
    return new RawSnapshot(x, var);
  }

  /** Cells by genes. */
  Matrix getX();

  /** The genes. */
  DataFrame getVar();

  /** Arrays with a row per gene. */
  AxisSlots<AxisArray> getVarm();

  List<String> getVarNames();

  /** Names of the cells of the object that it is part of; numbers when it is part of none. */
  List<String> getObsNames();

  int getNVars();

  /** Number of cells. */
  default int getNObs() {
    return getX().nRows();
  }

  /** Some of the genes for some of the cells. */
  Raw select(AxisIndex cells, AxisIndex genes);

  /**
   * An object of its own with the matrix and genes of this snapshot and the cells, {@code obsm},
   * {@code obsp} and {@code uns} of the object it is part of; nothing is shared.
   *
   * @throws IllegalStateException when it is not part of an object yet
   */
  AnnData toAdata();
}
