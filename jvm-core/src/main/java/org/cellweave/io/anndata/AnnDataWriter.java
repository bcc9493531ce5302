package org.cellweave.io.anndata;

import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.DataFrame;
import org.cellweave.data.Raw;
import org.cellweave.data.RowSource;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreWriter;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Writes an AnnData object into a store, in the form that anndata 0.8 and later read.
 *
 * <p>Text columns of obs, var and raw.var whose values repeat are written as categoricals, as
 * anndata does; the object itself is not changed. The bytes do not depend on the number of threads.
 */
public final class AnnDataWriter {
  private static final int STEPS = 9;

  private final AnnData adata;
  private final ElementWriter elements;
  private final RowSource rows;
  private final StoreGroupWriter root;
  private final String prefix;
  private final long maxLoadedElems;
  private final Progress progress;
  private int step;

  private AnnDataWriter(
      AnnData adata,
      RowSource rows,
      ElementWriter elements,
      StoreGroupWriter root,
      String prefix,
      Limits limits) {
    this.adata = adata;
    this.rows = rows;
    this.elements = elements;
    this.root = root;
    this.prefix = prefix;
    this.maxLoadedElems = limits.maxLoadedElems();
    this.progress = limits.progress();
  }

  /** An object inside another's uns. */
  static void nested(ElementWriter elements, StoreGroupWriter group, String key, AnnData adata) {
    new AnnDataWriter(adata, null, elements, group, key + "/", elements.limits().withoutProgress())
        .write();
  }

  /** What modalities share: no X, no raw; tables as they are given. */
  static void shared(
      ElementWriter elements, StoreGroupWriter root, AnnData shared, DataFrame obs, DataFrame var) {
    var writer =
        new AnnDataWriter(shared, null, elements, root, "", elements.limits().withoutProgress());
    elements.write(root, Slots.OBS, "", table(obs));
    elements.write(root, Slots.VAR, "", table(var));
    writer.annotation();
  }

  /**
   * @param rows the X of an object without one, made while it is written; null for the object's own
   * @param maxLoadedElems most values of {@code rows} in memory at once, zeros counted
   * @param progress told after each slot
   * @throws IllegalArgumentException for a value or name that the format cannot hold
   */
  public static void write(
      AnnData adata, RowSource rows, StoreWriter store, long maxLoadedElems, Progress progress) {
    var limits = new Limits(maxLoadedElems, progress);
    var elements = new ElementWriter(store, limits);
    new AnnDataWriter(adata, rows, elements, store.root(), "", limits).write();
  }

  /** What a writer of rows has to keep to. */
  record Limits(long maxLoadedElems, Progress progress) {
    Limits withoutProgress() {
      return new Limits(maxLoadedElems, Progress.NONE);
    }
  }

  private void write() {
    ElementWriter.encoding(root, AnnDataKind.TYPE, AnnDataKind.VERSION);
    writeX();
    done();
    elements.write(root, Slots.OBS, prefix, table(adata.getObs()));
    elements.write(root, Slots.VAR, prefix, table(adata.getVar()));
    done();
    slots(Slots.LAYERS, adata.getLayers());
    annotation();
    raw(adata.getRaw());
    done();
  }

  private void annotation() {
    slots(Slots.OBSM, adata.getObsm());
    slots(Slots.VARM, adata.getVarm());
    slots(Slots.OBSP, adata.getObsp());
    slots(Slots.VARP, adata.getVarp());
    elements.write(root, Slots.UNS, prefix, adata.getUns());
    done();
  }

  private void writeX() {
    // A matrix that is in a file may be larger than the memory.
    boolean inPieces = !elements.store().options().isLzf();
    RowSource source = rows == null && inPieces ? adata.rowsInFile() : rows;
    if (source != null) {
      new RowWriter(elements.store(), maxLoadedElems, progress).write(root, Slots.X, source);
      return;
    }
    Matrix x = adata.getX();
    if (x != null) {
      elements.write(root, Slots.X, prefix, x);
    }
  }

  private void done() {
    progress.step("write", ++step, STEPS, Double.NaN);
    Parallel.checkInterrupted();
  }

  private static DataFrame table(DataFrame table) {
    return TableKind.withCategories(table);
  }

  private void slots(String slot, AxisSlots<?> entries) {
    StoreGroupWriter group = root.group(slot);
    ElementWriter.encoding(group, DictKind.TYPE, DictKind.VERSION);
    for (String key : entries.getKeys()) {
      elements.write(group, key, prefix + slot, entries.get(key));
    }
    adata
        .getUnread()
        .of(slot, adata)
        .forEach((key, value) -> elements.write(group, key, prefix + slot, value));
    group.close();
    done();
  }

  private void raw(Raw raw) {
    if (raw == null) {
      return;
    }
    StoreGroupWriter group = root.group(Slots.RAW);
    ElementWriter.encoding(group, "raw", "0.1.0");
    elements.write(group, Slots.X, prefix + "raw", raw.getX());
    elements.write(group, Slots.VAR, prefix + "raw", table(raw.getVar()));
    StoreGroupWriter varm = group.group(Slots.VARM);
    ElementWriter.encoding(varm, DictKind.TYPE, DictKind.VERSION);
    for (String key : raw.getVarm().getKeys()) {
      elements.write(varm, key, prefix + "raw/varm", raw.getVarm().get(key));
    }
    varm.close();
    group.close();
  }
}
