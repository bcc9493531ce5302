package org.cellweave.data;

import java.util.List;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;

/** A frozen snapshot of X, var and varm, usually taken before genes are selected. */
public final class Raw {
  private final Matrix x;
  private final DataFrame var;
  private final AxisSlots<AxisArray> varm;
  private AnnData owner;

  /** Nothing is copied. */
  public Raw(Matrix x, DataFrame var) {
    this.x = x;
    this.var = var.named("raw.var");
    this.varm = new AxisSlots<>("raw.varm", var.nRows(), -1);
    this.varm.namesOfRows(this.var::getNames);
    this.var.onRename(this.varm::renameTables);
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

  public List<String> getVarNames() {
    return var.getNames();
  }

  public int getNVars() {
    return var.nRows();
  }

  /** This snapshot as part of {@code adata}; a new object when it is part of another already. */
  Raw ownedBy(AnnData adata) {
    if (owner == adata) {
      return this;
    }
    Raw mine = owner == null ? this : takeObs(null);
    mine.owner = adata;
    return mine;
  }

  /**
   * An object of its own with the matrix and genes of this snapshot and the cells, {@code obsm},
   * {@code obsp} and {@code uns} of the object it is part of; nothing is shared.
   *
   * @throws IllegalStateException when it is not part of an object yet
   */
  public AnnData toAdata() {
    if (owner == null) {
      throw new IllegalStateException("this raw is not part of an object; set adata.raw first");
    }
    var whole = new AnnData(x, owner.getObs(), var);
    varm.getKeys().forEach(key -> whole.getVarm().set(key, varm.get(key)));
    owner.getObsm().getKeys().forEach(key -> whole.getObsm().set(key, owner.getObsm().get(key)));
    owner.getObsp().getKeys().forEach(key -> whole.getObsp().set(key, owner.getObsp().get(key)));
    whole.setUns(owner.getUns());
    return whole.copy();
  }

  /** Some of the genes for some of the cells. */
  public Raw select(AxisIndex cells, AxisIndex genes) {
    int[] rows = cells.resolve("obs", owner == null ? numbers(x.nRows()) : owner.getObsNames());
    int[] cols = genes.resolve("raw.var", getVarNames());
    var out = new Raw(x.take(rows, cols), cols == null ? var : var.takeRows(cols));
    varm.getKeys()
        .forEach(k -> out.varm.set(k, cols == null ? varm.get(k) : varm.get(k).takeRows(cols)));
    return out;
  }

  private static List<String> numbers(int n) {
    return java.util.stream.IntStream.range(0, n).mapToObj(Integer::toString).toList();
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
