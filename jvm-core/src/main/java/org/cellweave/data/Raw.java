package org.cellweave.data;

import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;

/** A frozen snapshot of X, var and varm, usually taken before genes are selected. */
public final class Raw {
  private final Matrix x;
  private final DataFrame var;
  private final AxisSlots<AxisArray> varm;

  /** Nothing is copied. */
  public Raw(Matrix x, DataFrame var) {
    this.x = x;
    this.var = var.named("raw.var");
    this.varm = new AxisSlots<>("raw.varm", var.nRows(), -1);
  }

  public Matrix getX() {
    return x;
  }

  public DataFrame getVar() {
    return var;
  }

  public AxisSlots<AxisArray> getVarm() {
    return varm;
  }

  public int getNVars() {
    return var.nRows();
  }

  /** The same genes for some of the cells. */
  Raw takeObs(int[] rows) {
    var out = new Raw(rows == null ? x : x.takeRows(rows), var);
    varm.getKeys().forEach(key -> out.varm.set(key, varm.get(key)));
    return out;
  }

  Raw copy() {
    var out = new Raw(x.copy(), var.copy());
    varm.getKeys().forEach(key -> out.varm.set(key, varm.get(key).copy()));
    return out;
  }
}
