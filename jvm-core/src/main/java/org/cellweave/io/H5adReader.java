package org.cellweave.io;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Path;
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
import org.cellweave.io.ElementReader.Place;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.Matrix;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.ShapeMismatchException;

/**
 * Reads {@code .h5ad} files, those of anndata 0.5 and later.
 *
 * <p>Sparse values that float32 holds exactly are stored as float32 under the file's element type;
 * indices are sorted and duplicates added up. Elements of unknown encoding in uns are kept as
 * {@link OpaqueElement}, those of obsm, varm, obsp, varp and layers in {@link AnnData#getUnread};
 * in X, obs, var and raw they are an error.
 *
 * @see <a href="https://anndata.readthedocs.io/en/stable/fileformat-prose.html">the format</a>
 */
public final class H5adReader {
  /** All members of an object's group, those of old files included. */
  private static final Set<String> MEMBERS =
      Set.of(
          "X",
          "obs",
          "var",
          "uns",
          "obsm",
          "varm",
          "obsp",
          "varp",
          "layers",
          "raw",
          "raw.X",
          "raw.var",
          "raw.varm",
          "raw.cat");

  private static final String EXPECTED = "an .h5ad file";
  private static final List<String> SLOTS =
      List.of("X", "layers", "obsm", "varm", "obsp", "varp", "raw", "uns");

  private final H5Source source;
  private final Options options;
  private final ElementReader elements;
  private final Group root;
  private final String prefix;
  private final Map<String, OpaqueElement> unread = new LinkedHashMap<>();

  private H5adReader(
      H5Source source, Options options, ElementReader elements, Group root, String prefix) {
    this.source = source;
    this.options = options;
    this.elements = elements;
    this.root = root;
    this.prefix = prefix;
  }

  /** An object inside another's uns. */
  static AnnData nested(
      H5Source source, ElementReader elements, Group group, String key, Consumer<String> warnings) {
    Options options = Options.DEFAULTS.withWarnings(warnings);
    return new H5adReader(source, options, elements, group, key + "/").read();
  }

  /**
   * @param backed leave X in the file and read rows when they are asked for
   * @param progress told after each slot
   * @param warnings receives a sentence for each element that had to be left out
   */
  public record Options(boolean backed, Progress progress, Consumer<String> warnings) {
    public static final Options DEFAULTS = new Options(false, Progress.NONE, w -> {});

    public Options withBacked(boolean value) {
      return new Options(value, progress, warnings);
    }

    public Options withProgress(Progress value) {
      return new Options(backed, value, warnings);
    }

    public Options withWarnings(Consumer<String> value) {
      return new Options(backed, progress, value);
    }
  }

  /** Reads a whole file into memory. */
  public static AnnData read(Path path) {
    return read(path, Options.DEFAULTS);
  }

  /**
   * @throws FormatException when the file is missing, damaged or not an AnnData file; the message
   *     names the file and the element
   */
  public static AnnData read(Path path, Options options) {
    H5Source source = H5Source.open(path, EXPECTED);
    boolean keepOpen = false;
    try {
      var elements = new ElementReader(source, options.warnings());
      AnnData out = new H5adReader(source, options, elements, source.root(), "").read();
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
   * The X of a file, left in it.
   *
   * @throws FormatException as {@link #read}, and when there is none
   */
  public static BackedMatrix backedX(Path path) {
    H5Source source = H5Source.open(path, EXPECTED);
    BackedMatrix out = null;
    try {
      var elements = new ElementReader(source, Options.DEFAULTS.warnings());
      var reader = new H5adReader(source, Options.DEFAULTS, elements, source.root(), "");
      Node node = reader.child("X");
      if (node == null) {
        throw source.bad("X", "is missing");
      }
      out = BackedX.open(source, elements, node, "X");
      return out;
    } finally {
      if (out == null) {
        source.close();
      }
    }
  }

  private AnnData read() {
    checkRoot();
    DataFrame obs = table("obs");
    DataFrame var = table("var");
    Map<String, Object> uns = uns();
    elements.legacy().attachCategories(obs, uns);
    elements.legacy().attachCategories(var, uns);
    done("obs");
    AnnData out = withX(obs, var);
    done("X");
    fill(out.getLayers(), "layers");
    fill(out.getObsm(), "obsm");
    fill(out.getVarm(), "varm");
    fill(out.getObsp(), "obsp");
    fill(out.getVarp(), "varp");
    Raw raw = raw(uns);
    if (raw != null) {
      out.setRaw(raw);
    }
    done("raw");
    elements
        .legacy()
        .dropCategories(raw == null ? List.of(obs, var) : List.of(obs, var, raw.getVar()), uns);
    moveGraphs(out, uns);
    out.setUns(uns);
    keepUnread(out);
    warnOfOthers();
    done("uns");
    return out;
  }

  private void done(String slot) {
    options.progress().step("read", SLOTS.indexOf(slot) + 1, SLOTS.size(), Double.NaN);
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
      if (!MEMBERS.contains(name)) {
        elements.warn(
            source.at(prefix + name)
                + " is no part of an AnnData object; it is not read, and what is written from the"
                + " object does not have it");
      }
    }
  }

  private void checkRoot() {
    String type = source.text(root, "encoding-type", "");
    String version = source.text(root, "encoding-version", "");
    boolean known = type.isEmpty() || (type.equals("anndata") && version.equals("0.1.0"));
    if (!known) {
      throw bad(
          "",
          "is a '"
              + type
              + "' of version "
              + version
              + ", expected 'anndata' of version 0.1.0"
              + (type.equals("MuData")
                  ? "; it holds several AnnData objects, write one of them out"
                  : ""));
    }
    for (String required : List.of("obs", "var")) {
      if (child(required) == null) {
        throw bad(
            "",
            "holds "
                + source.children(root, "").keySet()
                + ", but no '"
                + required
                + "', so that it is not an .h5ad file"
                + (child("matrix") != null ? "; it looks like 10x HDF5, use read10xH5" : ""));
      }
    }
  }

  private Node child(String name) {
    return source.child(root, name, prefix + name);
  }

  private FormatException bad(String key, String problem) {
    return source.bad(prefix + key, problem);
  }

  private DataFrame table(String key) {
    return textIndex(tableAt(child(key), key));
  }

  private DataFrame tableAt(Node node, String key) {
    if (elements.legacy().isLegacyTable(node)) {
      return elements.legacy().table(node, prefix + key);
    }
    Object read = elements.read(node, prefix + key, Place.TABLE);
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
    Node node = child("X");
    if (node == null) {
      return new AnnData(null, obs, var);
    }
    if (options.backed()) {
      var out = new AnnData(null, obs, var);
      out.setBacked(BackedX.open(source, elements, node, "X"));
      return out;
    }
    Object x = elements.read(node, prefix + "X", Place.MATRIX);
    if (x != null && !(x instanceof Matrix)) {
      throw bad("X", notMatrix(x));
    }
    return new AnnData((Matrix) x, obs, var);
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
    Node node = child(slot);
    if (node == null) {
      return;
    }
    boolean matrices = !slot.endsWith("m");
    for (Map.Entry<String, AxisArray> e :
        entries(node, slot, matrices ? Place.MATRIX : Place.AXIS).entrySet()) {
      if (matrices && !(e.getValue() instanceof Matrix)) {
        throw bad(
            slot + "/" + e.getKey(), "is a " + e.getValue().describe() + ", expected a matrix");
      }
      slots.set(e.getKey(), (T) e.getValue());
    }
    done(slot);
  }

  private Map<String, AxisArray> entries(Node node, String slot, Place place) {
    if (!(node instanceof Group group)) {
      return elements.legacy().axisArrays(node, prefix + slot);
    }
    Map<String, AxisArray> out = new LinkedHashMap<>();
    source
        .children(group, prefix + slot)
        .forEach(
            (name, child) -> {
              String key = slot + "/" + name;
              Object value = elements.read(child, prefix + key, place);
              if (value instanceof AxisArray a) {
                out.put(name, a);
              } else if (value != null) {
                keep(new ElementReader.Element(child, prefix + key, place, 1), key, value);
              }
            });
    return out;
  }

  /** What does not fit its slot goes back to the file as it was. */
  private void keep(ElementReader.Element element, String key, Object value) {
    if (key.startsWith("raw")) {
      throw bad(key, "is of a kind that cannot be read here");
    }
    OpaqueElement opaque =
        value instanceof OpaqueElement o ? o : elements.unknown(element, "dict", "0.1.0");
    unread.put(key, opaque);
    elements.warnOfRefused(opaque);
    options
        .warnings()
        .accept(
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
    Node node = child("uns");
    if (node == null) {
      return new LinkedHashMap<>();
    }
    Object read = elements.read(node, prefix + "uns", Place.VALUE);
    if (!(read instanceof Map<?, ?>)) {
      throw bad("uns", "is not a group of named values");
    }
    return (Map<String, Object>) read;
  }

  // --------------------------------------------------------------------------------- raw

  private Raw raw(Map<String, Object> uns) {
    Node node = child("raw");
    if (node instanceof Dataset && elements.read(node, prefix + "raw", Place.VALUE) == null) {
      node = null;
    }
    boolean old = child("raw.X") != null || child("raw.var") != null;
    if (node != null && old) {
      throw bad("raw", "exists beside 'raw.X', so that it is not clear which one counts");
    }
    if (node == null) {
      return old ? raw(child("raw.X"), child("raw.var"), child("raw.varm"), "raw.", uns) : null;
    }
    Group group = source.group(node, "raw");
    return raw(
        source.child(group, "X", "raw/X"),
        source.child(group, "var", "raw/var"),
        source.child(group, "varm", "raw/varm"),
        "raw/",
        uns);
  }

  private Raw raw(Node x, Node var, Node varm, String at, Map<String, Object> uns) {
    if (x == null || var == null) {
      throw bad(at + (x == null ? "X" : "var"), "is missing; the file is damaged");
    }
    DataFrame table = textIndex(tableAt(var, at + "var"));
    elements.legacy().attachCategories(table, uns);
    if (!(elements.read(x, at + "X", Place.MATRIX) instanceof Matrix m)) {
      throw bad(at + "X", "is not a matrix");
    }
    if (m.nCols() != table.nRows()) {
      throw bad(
          at + "X",
          "has " + m.nCols() + " columns, but " + at + "var has " + table.nRows() + " rows");
    }
    var raw = new Raw(m, table);
    if (varm != null) {
      entries(varm, at + "varm", Place.AXIS)
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
