package org.cellweave.data;

import java.util.List;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.ShapeMismatchException;

/** What {@link Raw} is outside an object of its own: values that are not shared with it. */
final class RawSnapshot implements Raw {
  private final Matrix x;
  private final DataFrame var;
  private final AxisSlots<AxisArray> varm;
  private AnnData owner;

  /** Nothing is copied. */
  RawSnapshot(Matrix x, DataFrame var) {
    this.x = x;
    this.var = var.named("raw.var");
    this.varm = new AxisSlots<>("raw.varm", var.nRows(), -1);
    this.varm.namesOfRows(this.var::getNames);
    this.var.onRename(this.varm::renameTables);
  }

  @Override
  public Matrix getX() {
    return x;
  }

  @Override
  public DataFrame getVar() {
    return var;
  }

  @Override
  public AxisSlots<AxisArray> getVarm() {
    return varm;
  }

  @Override
  public List<String> getVarNames() {
    return var.getNames();
  }

  @Override
  public int getNVars() {
    return var.nRows();
  }

  @Override
  public List<String> getObsNames() {
    return owner == null ? numbers(x.nRows()) : owner.getObsNames();
  }

  /** This snapshot as part of {@code adata}; a new object when it is part of another already. */
  RawSnapshot ownedBy(AnnData adata) {
    if (owner == adata) {
      return this;
    }
    RawSnapshot mine = owner == null ? this : takeObs(null);
    mine.owner = adata;
    return mine;
  }

  @Override
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

  @Override
  public RawSnapshot select(AxisIndex cells, AxisIndex genes) {
    int[] rows = cells.resolve("obs", getObsNames());
    int[] cols = genes.resolve("raw.var", getVarNames());
    var out = new RawSnapshot(x.take(rows, cols), cols == null ? var : var.takeRows(cols));
    varm.getKeys()
        .forEach(k -> out.varm.set(k, cols == null ? varm.get(k) : varm.get(k).takeRows(cols)));
    return out;
  }

  /** Of an object a copy of what it holds now; a snapshot itself; null of null. */
  static RawSnapshot of(Raw value, int nObs) {
    if (value == null) {
      return null;
    }
    Matrix x = value.getX();
    if (x == null) {
      throw new IllegalStateException("an object without X cannot become raw; set its X first");
    }
    if (x.nRows() != nObs) {
      throw new ShapeMismatchException("raw must have " + nObs + " rows, got a " + x.describe());
    }
    return value instanceof RawSnapshot kept ? kept : copyOf(x, value);
  }

  private static RawSnapshot copyOf(Matrix x, Raw source) {
    var out = new RawSnapshot(x.copy(), source.getVar().copy());
    AxisSlots<AxisArray> slots = source.getVarm();
    slots.getKeys().forEach(key -> out.varm.set(key, slots.get(key)));
    return out;
  }

  private static List<String> numbers(int n) {
    return java.util.stream.IntStream.range(0, n).mapToObj(Integer::toString).toList();
  }

  /** The same genes for some of the cells. */
  RawSnapshot takeObs(int[] rows) {
    var out = new RawSnapshot(rows == null ? x : x.takeRows(rows), var);
    varm.getKeys().forEach(key -> out.varm.set(key, varm.get(key)));
    return out;
  }

  /** This snapshot, its rows read when they stay in a file. */
  RawSnapshot inMemory() {
    Matrix read = x.inMemory();
    if (read == x) {
      return this;
    }
    var out = new RawSnapshot(read, var);
    varm.getKeys().forEach(key -> out.varm.set(key, varm.get(key)));
    out.owner = owner;
    return out;
  }

  RawSnapshot copy() {
    var out = new RawSnapshot(x.copy(), var.copy());
    varm.getKeys().forEach(key -> out.varm.set(key, varm.get(key).copy()));
    return out;
  }
}
