package org.cellweave.io.anndata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisSlots;
import org.cellweave.data.BackedMatrix;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.Raw;
import org.cellweave.data.StringColumn;
import org.cellweave.data.Unread;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Reads an AnnData object from a store: what anndata 0.5 and later wrote.
 *
 * <p>Sparse values that float32 holds exactly are stored as float32 under the file's element type;
 * indices are sorted and duplicates added up. Elements of unknown encoding in uns are kept as
 * {@link OpaqueElement}, those of obsm, varm, obsp, varp and layers in {@link AnnData#getUnread};
 * in X, obs, var and raw they are an error.
 *
 * @see <a href="https://anndata.readthedocs.io/en/stable/fileformat-prose.html">the format</a>
 */
public final class AnnDataReader {
  private final StoreReader source;
  private final ElementReader elements;
  private final LegacyTables legacy;
  private final StoreGroup root;
  private final String prefix;
  private final boolean backed;
  private final Progress progress;
  private final Map<String, OpaqueElement> unread = new LinkedHashMap<>();

  /** Members of the group that belong to an object of several modalities; null in any other. */
  private Set<String> beside;

  private AnnDataReader(
      ElementReader elements, StoreGroup root, String prefix, boolean backed, Progress progress) {
    this.source = elements.source();
    this.elements = elements;
    this.legacy = new LegacyTables(source);
    this.root = root;
    this.prefix = prefix;
    this.backed = backed;
    this.progress = progress;
  }

  /** An object inside another's uns. */
  static AnnData nested(ElementReader elements, StoreGroup group, String key) {
    return part(elements, group, key, false, Progress.NONE);
  }

  /** An object inside another. */
  static AnnData part(
      ElementReader elements, StoreGroup group, String key, boolean backed, Progress progress) {
    return new AnnDataReader(elements, group, key + "/", backed, progress).read();
  }

  /**
   * What modalities share, as an object without X.
   *
   * @param beside members of the group that are read elsewhere
   */
  static AnnData shared(ElementReader elements, StoreGroup root, Set<String> beside) {
    var reader = new AnnDataReader(elements, root, "", false, Progress.NONE);
    reader.beside = beside;
    return reader.read();
  }

  /**
   * Reads the object of an open store, and closes the store unless X stays in it.
   *
   * @param backed leave X in the store and read rows when they are asked for
   * @param progress told after each slot
   * @param warnings receives a sentence for each element that had to be left out
   * @throws FormatException when the store is damaged or holds no AnnData object; the message names
   *     the file and the element
   */
  public static AnnData read(
      StoreReader source, boolean backed, Progress progress, Consumer<String> warnings) {
    boolean keepOpen = false;
    try {
      var elements = new ElementReader(source, warnings);
      AnnData out = new AnnDataReader(elements, source.root(), "", backed, progress).read();
      keepOpen = out.isBacked();
      return out;
    } catch (ShapeMismatchException | IllegalArgumentException e) {
      throw source.bad("", e.getMessage(), e);
    } finally {
      if (!keepOpen) {
        source.close();
      }
    }
  }

  /**
   * The X of a store, left in it; closes the store only when it fails.
   *
   * @throws FormatException as {@link #read}, and when there is none
   */
  public static BackedMatrix backedX(StoreReader source) {
    BackedMatrix out = null;
    try {
      StoreNode node = source.child(source.root(), Slots.X, Slots.X);
      if (node == null) {
        throw source.bad(Slots.X, "is missing");
      }
      out = BackedX.open(source, node, Slots.X);
      return out;
    } finally {
      if (out == null) {
        source.close();
      }
    }
  }

  private AnnData read() {
    checkRoot();
    DataFrame obs = table(Slots.OBS);
    DataFrame var = table(Slots.VAR);
    Map<String, Object> uns = uns();
    legacy.attachCategories(obs, uns);
    legacy.attachCategories(var, uns);
    done(Slots.OBS);
    AnnData out = withX(obs, var);
    done(Slots.X);
    fill(out.getLayers(), Slots.LAYERS);
    fill(out.getObsm(), Slots.OBSM);
    fill(out.getVarm(), Slots.VARM);
    fill(out.getObsp(), Slots.OBSP);
    fill(out.getVarp(), Slots.VARP);
    Raw raw = raw(uns);
    if (raw != null) {
      out.setRaw(raw);
    }
    done(Slots.RAW);
    legacy.dropCategories(raw == null ? List.of(obs, var) : List.of(obs, var, raw.getVar()), uns);
    moveGraphs(out, uns);
    out.setUns(uns);
    keepUnread(out);
    warnOfOthers();
    done(Slots.UNS);
    return out;
  }

  private void done(String slot) {
    progress.step("read", Slots.IN_ORDER.indexOf(slot) + 1, Slots.IN_ORDER.size(), Double.NaN);
    Parallel.checkInterrupted();
  }

  private void keepUnread(AnnData out) {
    if (!unread.isEmpty()) {
      var kept = new Unread(List.copyOf(out.getObsNames()), List.copyOf(out.getVarNames()));
      unread.forEach(kept::add);
      out.setUnread(kept);
    }
  }

  /** What others have put beside the slots is lost when the object is written over the file. */
  private void warnOfOthers() {
    for (String name : source.children(root, prefix).keySet()) {
      if (!Slots.ALL.contains(name) && (beside == null || !beside.contains(name))) {
        elements.warn(
            source.at(prefix + name)
                + " is no part of an AnnData object; it is not read, and what is written from the"
                + " object does not have it");
      }
    }
  }

  private void checkRoot() {
    if (beside != null) {
      return;
    }
    String type = source.text(root, "encoding-type", "");
    String version = source.text(root, "encoding-version", "");
    boolean known =
        type.isEmpty() || (type.equals(AnnDataKind.TYPE) && version.equals(AnnDataKind.VERSION));
    if (!known) {
      throw bad(
          "",
          "is a '"
              + type
              + "' of version "
              + version
              + ", expected 'anndata' of version 0.1.0"
              + (type.equals("MuData")
                  ? "; it holds several modalities: read it with readH5mu, or one of them by its"
                      + " name after the file's, as in cells.h5mu/rna"
                  : ""));
    }
    for (String required : List.of(Slots.OBS, Slots.VAR)) {
      if (child(required) == null) {
        throw bad(
            "",
            "holds "
                + source.children(root, "").keySet()
                + ", but no '"
                + required
                + "', so that it is not "
                + source.kind()
                + (child("matrix") != null ? "; it looks like 10x HDF5, use read10xH5" : ""));
      }
    }
  }

  private StoreNode child(String name) {
    return source.child(root, name, prefix + name);
  }

  private FormatException bad(String key, String problem) {
    return source.bad(prefix + key, problem);
  }

  private DataFrame table(String key) {
    return textIndex(tableAt(child(key), key));
  }

  private DataFrame tableAt(StoreNode node, String key) {
    if (legacy.isLegacyTable(node)) {
      return legacy.table(node, prefix + key);
    }
    Object read = elements.read(node, prefix + key, Element.Place.TABLE);
    if (!(read instanceof DataFrame table)) {
      throw bad(
          key,
          "has encoding '" + source.text(node, "encoding-type", key) + "', expected a dataframe");
    }
    return table;
  }

  /** Names of cells and genes are text, whatever the file holds. */
  private static DataFrame textIndex(DataFrame table) {
    Column index = table.getIndex();
    if (!(index instanceof StringColumn s) || s.isNullable()) {
      table.setNames(List.of(index.texts()));
    }
    return table;
  }

  // ------------------------------------------------------------------------------- slots

  private AnnData withX(DataFrame obs, DataFrame var) {
    StoreNode node = child(Slots.X);
    if (node == null) {
      return new AnnData(null, obs, var);
    }
    if (backed) {
      var out = new AnnData(null, obs, var);
      out.setBacked(BackedX.open(source, node, prefix + Slots.X));
      return out;
    }
    Object x = elements.read(node, prefix + "X", Element.Place.MATRIX);
    if (x != null && !(x instanceof Matrix)) {
      throw bad("X", notMatrix(x));
    }
    return new AnnData((Matrix) x, obs, var);
  }

  /** A matrix beside X, which stays in the store where X does and its rows can be read alone. */
  private Object matrix(StoreNode node, String key) {
    boolean byRow =
        backed
            && node.isGroup()
            && source.text(node, "encoding-type", prefix + key).equals(SparseKind.BY_ROW);
    return byRow
        ? CsrMatrix.of(BackedX.open(source, node, prefix + key).rows())
        : elements.read(node, prefix + key, Element.Place.MATRIX);
  }

  private static String notMatrix(Object value) {
    if (value instanceof OpaqueElement o) {
      return (o.encodingType().startsWith("array of ")
              ? "is an " + o.encodingType()
              : "has encoding '" + o.encodingType() + "'")
          + ", which cannot be read here, expected a matrix of numbers";
    }
    return "is a " + value.getClass().getSimpleName() + ", expected a matrix";
  }

  @SuppressWarnings("unchecked")
  private <T extends AxisArray> void fill(AxisSlots<T> slots, String slot) {
    StoreNode node = child(slot);
    if (node == null) {
      return;
    }
    boolean matrices = !slot.endsWith("m");
    for (Map.Entry<String, AxisArray> e :
        entries(node, slot, matrices ? Element.Place.MATRIX : Element.Place.AXIS).entrySet()) {
      if (matrices && !(e.getValue() instanceof Matrix)) {
        throw bad(
            slot + "/" + e.getKey(), "is a " + e.getValue().described() + ", expected a matrix");
      }
      slots.set(e.getKey(), (T) e.getValue());
    }
    done(slot);
  }

  private Map<String, AxisArray> entries(StoreNode node, String slot, Element.Place place) {
    if (!(node instanceof StoreGroup group)) {
      return legacy.axisArrays(node, prefix + slot);
    }
    Map<String, AxisArray> out = new LinkedHashMap<>();
    source
        .children(group, prefix + slot)
        .forEach(
            (name, child) -> {
              String key = slot + "/" + name;
              Object value =
                  slot.equals(Slots.LAYERS)
                      ? matrix(child, key)
                      : elements.read(child, prefix + key, place);
              if (value instanceof AxisArray a) {
                out.put(name, a);
              } else if (value != null) {
                keep(new Element(child, prefix + key, place, 1), key, value);
              }
            });
    return out;
  }

  /** What does not fit its slot goes back to the file as it was. */
  private void keep(Element element, String key, Object value) {
    if (key.startsWith("raw")) {
      throw bad(key, "is of a kind that cannot be read here");
    }
    OpaqueElement opaque =
        value instanceof OpaqueElement o
            ? o
            : elements.unknown(element, DictKind.TYPE, DictKind.VERSION);
    unread.put(key, opaque);
    elements.warnOfRefused(opaque);
    elements.warn(
        source.path()
            + ": '"
            + prefix
            + key
            + "' is of a kind that is not known here ("
            + opaque.encodingType()
            + "); it is kept for the next write");
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> uns() {
    StoreNode node = child(Slots.UNS);
    if (node == null) {
      return new LinkedHashMap<>();
    }
    Object read = elements.read(node, prefix + "uns", Element.Place.VALUE);
    if (!(read instanceof Map<?, ?>)) {
      throw bad("uns", "is not a group of named values");
    }
    return (Map<String, Object>) read;
  }

  // --------------------------------------------------------------------------------- raw

  private Raw raw(Map<String, Object> uns) {
    StoreNode node = child(Slots.RAW);
    if (node != null
        && node.isArray()
        && elements.read(node, prefix + "raw", Element.Place.VALUE) == null) {
      node = null;
    }
    boolean old = child("raw.X") != null || child("raw.var") != null;
    if (node != null && old) {
      throw bad("raw", "exists beside 'raw.X', so that it is not clear which one counts");
    }
    if (node == null) {
      return old ? raw(child("raw.X"), child("raw.var"), child("raw.varm"), "raw.", uns) : null;
    }
    StoreGroup group = source.group(node, "raw");
    return raw(
        source.child(group, "X", "raw/X"),
        source.child(group, "var", "raw/var"),
        source.child(group, "varm", "raw/varm"),
        "raw/",
        uns);
  }

  private Raw raw(StoreNode x, StoreNode var, StoreNode varm, String at, Map<String, Object> uns) {
    if (x == null || var == null) {
      throw bad(at + (x == null ? "X" : "var"), "is missing; the file is damaged");
    }
    DataFrame table = textIndex(tableAt(var, at + "var"));
    legacy.attachCategories(table, uns);
    if (!(matrix(x, at + "X") instanceof Matrix m)) {
      throw bad(at + "X", "is not a matrix");
    }
    if (m.nCols() != table.nRows()) {
      throw bad(
          at + "X",
          "has " + m.nCols() + " columns, but " + at + "var has " + table.nRows() + " rows");
    }
    var raw = Raw.of(m, table);
    if (varm != null) {
      entries(varm, at + "varm", Element.Place.AXIS)
          .forEach((name, value) -> raw.getVarm().set(name, value));
    }
    return raw;
  }

  /** Before 0.7, neighbour graphs lay in uns. */
  private static void moveGraphs(AnnData out, Map<String, Object> uns) {
    if (!(uns.get("neighbors") instanceof Map<?, ?> neighbors)) {
      return;
    }
    for (String name : List.of("distances", "connectivities")) {
      boolean square =
          neighbors.get(name) instanceof Matrix m
              && m.nRows() == out.getNObs()
              && m.nCols() == out.getNObs();
      if (square && !out.getObsp().contains(name)) {
        out.getObsp().set(name, (Matrix) neighbors.get(name));
        neighbors.remove(name);
      }
    }
  }
}
