package org.cellweave.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.Check;
import org.cellweave.util.ShapeMismatchException;

/**
 * A matrix of cells (rows, obs) by genes (columns, var) with everything known about them.
 *
 * <p>Selecting rows or columns gives a view: it remembers the slots it selects from and the
 * positions, carries a selection out when the slot is first read, and turns into an object of its
 * own on the first write, so that the original never changes through it.
 *
 * @see <a href="https://doi.org/10.21105/joss.04371">anndata, Virshup et al. 2024</a>
 */
public final class AnnData implements Raw {
  private int nObs;
  private int nVars;
  private MatrixSlot x = MatrixSlot.inMemory(null);
  private Path home;
  private DataFrame obs;
  private DataFrame var;
  private AlignedArrays arrays;
  private Map<String, Object> uns = new Annotation();
  private RawSnapshot raw;
  private Unread unread = new Unread();
  private boolean view;
  private int[] rawRows;

  /**
   * @param x cells by genes, not copied, or null for an object without a matrix
   * @throws ShapeMismatchException when the tables do not fit the matrix
   */
  public AnnData(Matrix x, DataFrame obs, DataFrame var) {
    this(obs.nRows(), var.nRows());
    this.x = MatrixSlot.inMemory(x, nObs, nVars);
    this.obs = own(obs, "obs");
    this.var = own(var, "var");
  }

  /** Names rows and columns 0, 1, 2, ... */
  public AnnData(Matrix x) {
    this(x, DataFrame.numbered(x.nRows()), DataFrame.numbered(x.nCols()));
  }

  private AnnData(int nObs, int nVars) {
    this.nObs = nObs;
    this.nVars = nVars;
    arrays = AlignedArrays.none(nObs, nVars);
    watchSlots();
  }

  private void watchSlots() {
    for (AxisSlots<?> slots : arrays.all()) {
      slots.onWrite(this::makeActual);
    }
    arrays.obsm().namesOfRows(this::getObsNames);
    arrays.varm().namesOfRows(this::getVarNames);
  }

  private DataFrame own(DataFrame table, String slot) {
    DataFrame mine = table.named(slot);
    mine.onWrite(this::makeActual);
    mine.onRename(() -> (slot.equals("obs") ? arrays.obsm() : arrays.varm()).renameTables());
    return mine;
  }

  /** Number of cells. */
  @Override
  public int getNObs() {
    return nObs;
  }

  /** Number of genes. */
  @Override
  public int getNVars() {
    return nVars;
  }

  /** The matrix, or null when there is none. A matrix in a file is read as it is used. */
  @Override
  public Matrix getX() {
    return x.get();
  }

  /** X without reading or copying; an unread view's original; null when in a file or none. */
  public Matrix peekX() {
    return x.peek();
  }

  /** Replaces the matrix; null removes it. */
  public void setX(Matrix value) {
    MatrixSlot.requireFit(value, nObs, nVars);
    makeActual();
    x = x.replaced(value);
  }

  /** True when X stays in its file. */
  public boolean isBacked() {
    return x.isBacked();
  }

  /** The matrix in its file, or null. */
  public BackedMatrix getBacked() {
    return x.file();
  }

  /** X as rows that are read when asked for; null when it is in memory or stored by column. */
  public RowSource rowsInFile() {
    return x.rowsInFile(nObs, nVars);
  }

  /** The file that this object may be written back to, or null. Views and copies have none. */
  public Path getHome() {
    return home;
  }

  public void setHome(Path file) {
    home = file;
  }

  /** Leaves X in a file, in place of one in memory or in another file. */
  public void setBacked(BackedMatrix matrix) {
    var left = MatrixSlot.inFile(matrix, nObs, nVars);
    makeActual();
    x.close();
    x = left;
  }

  /** Matrices of the shape of X by name, such as raw counts: {@code adata.layers["counts"]}. */
  public AxisSlots<Matrix> getLayers() {
    return arrays.layers();
  }

  /** A table with a row per cell, named by the cells; {@code adata.obs["leiden"]} is a column. */
  public DataFrame getObs() {
    return obs;
  }

  /** Replaces the table; its names become the cells' names. */
  public void setObs(DataFrame table) {
    RowNames.requireFit(table, obs, "obs");
    makeActual();
    obs = own(table, "obs");
    arrays.obsm().renameTables();
  }

  /** A table with a row per gene, named by the genes; {@code adata.vars} is the same. */
  @Override
  public DataFrame getVar() {
    return var;
  }

  /** Replaces the table; its names become the genes' names. */
  public void setVar(DataFrame table) {
    RowNames.requireFit(table, var, "var");
    makeActual();
    var = own(table, "var");
    arrays.varm().renameTables();
  }

  /** Names of the cells in order, the index of obs. */
  @Override
  public List<String> getObsNames() {
    return obs.getNames();
  }

  /** Names of the genes in order, the index of var. */
  @Override
  public List<String> getVarNames() {
    return var.getNames();
  }

  /** Names the cells, and with them the rows of tables in obsm. */
  public void setObsNames(List<String> names) {
    obs.setNames(names);
  }

  /** Names the genes, and with them the rows of tables in varm. */
  public void setVarNames(List<String> names) {
    var.setNames(names);
  }

  /** Arrays and tables with a row per cell by name, such as {@code adata.obsm["X_umap"]}. */
  public AxisSlots<AxisArray> getObsm() {
    return arrays.obsm();
  }

  /** Arrays and tables with a row per gene by name, such as {@code adata.varm["PCs"]}. */
  @Override
  public AxisSlots<AxisArray> getVarm() {
    return arrays.varm();
  }

  /** Matrices of cells by cells by name, such as graphs: {@code adata.obsp["connectivities"]}. */
  public AxisSlots<Matrix> getObsp() {
    return arrays.obsp();
  }

  /** Matrices of genes by genes by name. */
  public AxisSlots<Matrix> getVarp() {
    return arrays.varp();
  }

  /**
   * Unstructured annotation. Values: {@code null}, Boolean, Long, Integer, Double, Float, String,
   * {@link NdArray}, {@link RecordArray}, {@link DataFrame}, {@link Column}, {@link Matrix}, nested
   * {@code Map<String, Object>}, {@link OpaqueElement}; also Java arrays and lists of numbers,
   * booleans or text, which come back from a file as {@link NdArray}. A view has dicts of its own.
   */
  public Map<String, Object> getUns() {
    return uns;
  }

  public void setUns(Map<String, Object> values) {
    uns = Annotation.of(values);
  }

  /** What {@code adata.raw = adata} has kept, mostly all genes; null when nothing was kept. */
  public Raw getRaw() {
    if (raw != null) {
      raw = (rawRows == null ? raw : raw.takeObs(rawRows)).ownedBy(this);
      rawRows = null;
    }
    return raw;
  }

  /** The snapshot, with all rows of the original in a view that has not read it; null if none. */
  public Raw peekRaw() {
    return raw;
  }

  /** Keeps a snapshot; of an object, a copy of its X, var and varm. Null removes it. */
  public void setRaw(Raw value) {
    RawSnapshot kept = RawSnapshot.of(value, nObs);
    makeActual();
    raw = kept;
    rawRows = null;
  }

  /** What the file held that could not be understood; empty for most objects. */
  public Unread getUnread() {
    return unread;
  }

  public void setUnread(Unread value) {
    unread = value;
  }

  /** Whether this is a selection of another object; the first write makes it one of its own. */
  public boolean isView() {
    return view;
  }

  /** A view of some cells and genes. A view of a view refers to the original object. */
  @Override
  public AnnData select(AxisIndex cells, AxisIndex genes) {
    AnnData out = viewOf(cells, genes);
    x.lend();
    return out;
  }

  private AnnData viewOf(AxisIndex cells, AxisIndex genes) {
    var out =
        new AnnData(this, cells.resolve("obs", getObsNames()), genes.resolve("var", getVarNames()));
    out.removeUnusedCategories();
    out.view = true;
    return out;
  }

  private AnnData(AnnData from, int[] rows, int[] cols) {
    this(rows == null ? from.nObs : rows.length, cols == null ? from.nVars : cols.length);
    x = from.x.select(rows, cols);
    raw = from.raw;
    rawRows = Slot.compose(from.rawRows, rows);
    uns = Annotation.withOwnDicts(from.uns);
    unread = new Unread(from.unread);
    obs = own(rows == null ? from.obs : from.obs.takeRows(rows), "obs");
    var = own(cols == null ? from.var : from.var.takeRows(cols), "var");
    arrays.select(from.arrays, rows, cols);
  }

  /** Keeps only these cells and genes in this very object. Views made before stay as they are. */
  public void subset(AxisIndex cells, AxisIndex genes) {
    AnnData kept = viewOf(cells, genes);
    kept.makeActual();
    replaceWith(kept);
  }

  /**
   * Takes over everything that {@code kept} holds, which must not be used afterwards; a step on a
   * copy that ends with this leaves the object as it was when it fails. Older views stay as is.
   */
  public void replaceWith(AnnData kept) {
    makeActual();
    x = x.replaced(kept.x);
    nObs = kept.nObs;
    nVars = kept.nVars;
    raw = kept.raw;
    uns = kept.uns;
    unread = kept.unread;
    arrays = kept.arrays;
    obs = own(kept.obs, "obs");
    var = own(kept.var, "var");
    watchSlots();
  }

  /**
   * Turns a view into an object of its own; does nothing otherwise. Algorithms that change values
   * in place call it first.
   */
  public void makeActual() {
    if (!view) {
      return;
    }
    x = x.actual();
    view = false;
    getRaw();
    arrays.all().forEach(AxisSlots::materialize);
    Map<String, Object> own = DeepCopy.of(uns);
    uns.clear();
    uns.putAll(own);
  }

  /** Closes the file of a backed X unless views read it too; X cannot be read afterwards. */
  public void closeFile() {
    x.close();
  }

  /** Reads what stays in a file, X, layers and raw, into memory and returns this object. */
  public AnnData toMemory() {
    makeActual();
    x = x.loaded();
    arrays.layers().replaceAll(Matrix::inMemory);
    raw = raw == null ? null : raw.inMemory();
    return this;
  }

  /** An independent copy; sparse matrices share structure, and rows in a file stay there. */
  public AnnData copy() {
    var out = new AnnData(this, null, null);
    out.view = true;
    out.makeActual();
    if (out.raw != null) {
      out.raw = out.raw.copy();
    }
    return out;
  }

  /** A copy, as of the snapshot that this object would be. */
  @Override
  public AnnData toAdata() {
    return copy();
  }

  /** Appends {@code joiner} and the first free number to every repetition of a cell's name. */
  public void obsNamesMakeUnique(String joiner) {
    obs.setNames(NameIndex.unique(getObsNames(), joiner));
  }

  /** Appends {@code joiner} and the first free number to every repetition of a gene's name. */
  public void varNamesMakeUnique(String joiner) {
    var.setNames(NameIndex.unique(getVarNames(), joiner));
  }

  /** Text columns of obs and var whose values repeat become categorical, as scanpy does. */
  public void stringsToCategoricals() {
    Categories.fromText(obs);
    Categories.fromText(var);
  }

  /** Drops categories of obs and var that no row has, and their colours in uns. */
  public void removeUnusedCategories() {
    makeActual();
    Categories.dropUnused(obs, uns);
    Categories.dropUnused(var, uns);
  }

  /**
   * Gives the categories of a column of obs, or else of var, as many other names in the same order.
   * Colours stay, and rankings in uns that are grouped by the column are renamed too.
   *
   * @throws IllegalArgumentException when names are too many or too few, or repeat
   */
  public void renameCategories(String key, List<String> names) {
    Categories.rename(tableWith(key), key, names, uns);
  }

  /**
   * Makes these the categories of a column of obs, or else of var; rows of others become missing.
   * Colours go with their categories, and are dropped when a category is new.
   */
  public void setCategories(String key, List<String> names) {
    Categories.set(tableWith(key), key, names, uns);
  }

  /**
   * Puts the categories of a column of obs, or else of var, into another order, colours included;
   * other names than the categories' are refused.
   */
  public void reorderCategories(String key, List<String> names) {
    Categories.reorder(tableWith(key), key, names, uns);
  }

  private DataFrame tableWith(String key) {
    makeActual();
    return !obs.contains(key) && var.contains(key) ? var : obs;
  }

  /**
   * Some rows of X.
   *
   * @param end first row that is not in it
   */
  public record Chunk(int first, int end, Matrix x) {}

  /**
   * X in pieces of {@code rows} rows, the last one shorter. Pieces are copies made when they are
   * reached; of a backed X only their rows are read.
   *
   * @throws IllegalArgumentException when {@code rows} is not positive or there is no X
   */
  public Iterable<Chunk> chunkedX(int rows) {
    Check.positive(rows, "rows");
    return RowChunks.of(x, nObs, rows);
  }

  /** Genes by cells: every slot changes sides, values are shared where they can be; no raw. */
  public AnnData transpose() {
    Matrix matrix = getX();
    var out = new AnnData(matrix == null ? null : matrix.transpose(), var, obs);
    out.arrays.transpose(arrays);
    out.setUns(uns);
    return out;
  }

  /** Null when {@code other} holds the same, NaN equal to NaN; else the first difference. */
  public String differenceTo(AnnData other) {
    return ContentEquality.difference(this, other);
  }

  @Override
  public String toString() {
    return AnnDataText.of(this);
  }
}
