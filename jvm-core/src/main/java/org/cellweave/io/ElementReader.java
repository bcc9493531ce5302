package org.cellweave.io;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;

/**
 * Reads any element of an AnnData file. A new element is one more function in {@link #READERS},
 * found by the encoding type and version the element states.
 */
final class ElementReader {
  private static final int MAX_DEPTH = 100;

  /** What the element is read for. */
  enum Place {
    /** X, layers, obsp, varp: a matrix. */
    MATRIX,
    /** obsm, varm: a matrix where it is numeric and two-dimensional, else as it is. */
    AXIS,
    /** A column of a table. */
    COLUMN,
    /** obs, var: a table that must be there with all its columns. */
    TABLE,
    /** uns: exactly as the file holds it. */
    VALUE
  }

  /** An element to be read. */
  record Element(Node node, String key, Place place, int depth) {}

  @FunctionalInterface
  private interface Function {
    Object read(ElementReader reader, Element element);
  }

  private static final Map<String, Function> READERS = new TreeMap<>();

  static {
    READERS.put("array 0.2.0", ElementReader::array);
    READERS.put("string-array 0.2.0", ElementReader::array);
    READERS.put("csr_matrix 0.1.0", (r, e) -> r.sparse(e, false));
    READERS.put("csc_matrix 0.1.0", (r, e) -> r.sparse(e, true));
    READERS.put("dataframe 0.1.0", (r, e) -> r.tables.read(e));
    READERS.put("dataframe 0.2.0", (r, e) -> r.tables.read(e));
    READERS.put("categorical 0.2.0", ElementReader::categorical);
    READERS.put("nullable-integer 0.1.0", ElementReader::nullableInteger);
    READERS.put("nullable-boolean 0.1.0", ElementReader::nullableBoolean);
    READERS.put("nullable-string-array 0.1.0", ElementReader::nullableStrings);
    READERS.put("numeric-scalar 0.2.0", ElementReader::scalar);
    READERS.put("string 0.2.0", ElementReader::scalar);
    READERS.put("bytes 0.2.0", ElementReader::scalar);
    READERS.put("null 0.1.0", (r, e) -> null);
    READERS.put("rec-array 0.2.0", ElementReader::records);
    READERS.put("dict 0.1.0", ElementReader::dict);
    READERS.put("anndata 0.1.0", ElementReader::anndata);
    READERS.put("raw 0.1.0", ElementReader::dict);
  }

  private final H5Source source;
  private final Consumer<String> warnings;
  private final TableReader tables;
  private final LegacyForms legacy;

  ElementReader(H5Source source, Consumer<String> warnings) {
    this.source = source;
    this.warnings = warnings;
    this.tables = new TableReader(source, this);
    this.legacy = new LegacyForms(source, this);
  }

  LegacyForms legacy() {
    return legacy;
  }

  TableReader tables() {
    return tables;
  }

  Object read(Node node, String key, Place place) {
    return read(new Element(node, key, place, 0));
  }

  /** Null for None; an {@link OpaqueElement} for what is not known here. */
  Object read(Element element) {
    source.step();
    if (element.depth() > MAX_DEPTH) {
      throw source.bad(
          element.key(), "is nested deeper than " + MAX_DEPTH + " levels; the file is damaged");
    }
    String type = source.text(element.node(), "encoding-type", element.key());
    String version = source.text(element.node(), "encoding-version", element.key());
    if (type.isEmpty()) {
      return legacy.read(element);
    }
    Function reader = READERS.get(type + " " + version);
    if (reader != null) {
      return source.guard(element.key(), () -> reader.read(this, element));
    }
    String known =
        READERS.keySet().stream().filter(k -> k.startsWith(type + " ")).findFirst().orElse(null);
    if (known != null) {
      throw source.bad(
          element.key(),
          "has encoding "
              + type
              + " "
              + version
              + ", expected "
              + known
              + "; a newer anndata wrote it, so update Cellweave");
    }
    return unknown(element, type, version);
  }

  /**
   * An element that cannot be understood: its values where they are sound, else the reason why they
   * cannot be kept. The caller decides whether there is a place for it.
   */
  OpaqueElement unknown(Element e, String type, String version) {
    OpaqueElement.Content content;
    try {
      content = new StoredElement.Kept(new StoredReader(source).read(e.node(), e.key()));
    } catch (FormatException damaged) {
      content = new StoredElement.Refused(damaged.getMessage());
    }
    return new OpaqueElement(source.path(), e.key(), type, version, content);
  }

  // ------------------------------------------------------------------------------- arrays

  private Object array(Element e) {
    return array(source.array(e.node(), e.key()), e);
  }

  /** An array for the place it is read for. */
  Object array(H5Array a, Element e) {
    if (!a.type().isNumeric() && !a.type().isText()) {
      return unknown(e, "array of " + a.type().describe(), "");
    }
    if (a.isNull()) {
      return null;
    }
    return switch (e.place()) {
      case TABLE -> throw source.bad(e.key(), "is an array, expected a table");
      case COLUMN -> column(a);
      case MATRIX -> dense(a);
      case AXIS -> a.type().isNumeric() && a.rank() == 2 ? dense(a) : values(a);
      case VALUE -> a.isScalar() ? scalar(a, e) : values(a);
    };
  }

  NdArray values(H5Array a) {
    return a.type().isText()
        ? new NdArray(null, a.shape(), a.texts())
        : new NdArray(a.type().dtype(), a.shape(), a.numbers());
  }

  Column column(H5Array a) {
    if (a.rank() != 1) {
      throw source.bad(a.key(), "has " + a.rank() + " dimensions, expected a column");
    }
    if (a.type().isText()) {
      return StringColumn.of(a.texts());
    }
    if (!a.type().isNumeric()) {
      throw source.bad(a.key(), "holds " + a.type().describe() + ", expected numbers or text");
    }
    DType dtype = a.type().dtype();
    if (dtype == DType.BOOL) {
      return new BooleanColumn(a.booleans(), null);
    }
    return dtype.isFloating()
        ? NumericColumn.reals(dtype, a.doubles())
        : NumericColumn.integers(dtype, a.longs(), null);
  }

  /** A dense matrix of the file's type. */
  DenseMatrix dense(H5Array a) {
    if (a.rank() != 2 || !a.type().isNumeric()) {
      throw source.bad(
          a.key(),
          "is "
              + a.type().describe()
              + " of shape "
              + java.util.Arrays.toString(a.dims())
              + ", expected numbers in rows and columns");
    }
    int[] shape = a.shape();
    return DenseReader.read(a, shape[0], shape[1]);
  }

  private Object scalar(Element e) {
    H5Array a = source.array(e.node(), e.key());
    // Zarr stores that became files have arrays of one value here, which anndata takes for the
    // value.
    boolean one = a.isScalar() || a.isNull() || (a.size() == 1 && a.type().isNumeric());
    return one ? scalar(a, e) : array(a, e);
  }

  Object scalar(H5Array a, Element e) {
    if (a.isNull()) {
      return null;
    }
    if (a.type().isText()) {
      return a.texts()[0];
    }
    if (!a.type().isNumeric()) {
      return unknown(
          e,
          source.text(e.node(), "encoding-type", e.key()),
          source.text(e.node(), "encoding-version", e.key()));
    }
    Object v = a.numbers();
    return switch (a.type().dtype()) {
      case BOOL -> ((boolean[]) v)[0];
      case INT32 -> ((int[]) v)[0];
      case INT64 -> ((long[]) v)[0];
      case FLOAT32 -> ((float[]) v)[0];
      case FLOAT64 -> ((double[]) v)[0];
      default -> new NdArray(a.type().dtype(), new int[0], v);
    };
  }

  private Object sparse(Element e, boolean byColumn) {
    return sparse(e, byColumn, source.longs(e.node(), "shape", e.key())).read();
  }

  SparseReader sparse(Element e, boolean byColumn, long[] shape) {
    return new SparseReader(source, source.group(e.node(), e.key()), e.key(), byColumn, shape);
  }

  // ------------------------------------------------------------------------------ columns

  private Object categorical(Element e) {
    Group group = source.group(e.node(), e.key());
    long[] codes = member(group, e, "codes").longs();
    Object labels =
        read(
            new Element(
                required(group, e, "categories"),
                e.key() + "/categories",
                Place.COLUMN,
                e.depth() + 1));
    if (!(labels instanceof Column categories)) {
      throw source.bad(e.key() + "/categories", "are not a column of labels");
    }
    return categorical(e.key(), codes, categories, source.flag(e.node(), "ordered", e.key()));
  }

  CategoricalColumn categorical(String key, long[] codes, Column categories, boolean ordered) {
    requireUnique(key, categories);
    int[] narrow = new int[codes.length];
    for (int i = 0; i < narrow.length; i++) {
      if (codes[i] < -1 || codes[i] >= categories.size()) {
        throw source.bad(
            key,
            "has code "
                + codes[i]
                + " in row "
                + i
                + ", but only "
                + categories.size()
                + " categories; the file is damaged");
      }
      narrow[i] = (int) codes[i];
    }
    return new CategoricalColumn(narrow, categories, ordered);
  }

  private void requireUnique(String key, Column categories) {
    Set<String> seen = new HashSet<>();
    for (String label : categories.texts()) {
      if (!seen.add(label)) {
        throw source.bad(key, "has the category '" + label + "' twice; the file is damaged");
      }
    }
  }

  private Object nullableInteger(Element e) {
    Group group = source.group(e.node(), e.key());
    H5Array values = member(group, e, "values");
    boolean[] mask = mask(group, e, values);
    return values.type().isNumeric() && values.type().dtype().isFloating()
        ? NumericColumn.of(withNaN(values.doubles(), mask))
        : NumericColumn.integers(values.type().dtype(), values.longs(), mask);
  }

  private static double[] withNaN(double[] values, boolean[] mask) {
    for (int i = 0; i < values.length; i++) {
      values[i] = mask[i] ? Double.NaN : values[i];
    }
    return values;
  }

  private Object nullableBoolean(Element e) {
    Group group = source.group(e.node(), e.key());
    H5Array values = member(group, e, "values");
    return new BooleanColumn(values.booleans(), mask(group, e, values));
  }

  private Object nullableStrings(Element e) {
    Group group = source.group(e.node(), e.key());
    H5Array values = member(group, e, "values");
    boolean[] mask = mask(group, e, values);
    String[] texts = values.texts();
    for (int i = 0; i < texts.length; i++) {
      texts[i] = mask[i] ? null : texts[i];
    }
    return new StringColumn(texts, true);
  }

  private boolean[] mask(Group group, Element e, H5Array values) {
    H5Array mask = member(group, e, "mask");
    if (mask.size() != values.size()) {
      throw source.bad(
          e.key(), "has " + values.size() + " values, but a mask of " + mask.size() + " entries");
    }
    if (!mask.type().isNumeric() || mask.type().storedSize() != 1) {
      throw source.bad(
          e.key() + "/mask", "holds " + mask.type().describe() + ", expected booleans");
    }
    return mask.booleans();
  }

  private H5Array member(Group group, Element e, String name) {
    return source.array(required(group, e, name), e.key() + "/" + name).requireRow();
  }

  private Node required(Group group, Element e, String name) {
    Node node = source.child(group, name, e.key());
    if (node == null) {
      throw source.bad(e.key(), "lacks its member '" + name + "'; the file is damaged");
    }
    return node;
  }

  // --------------------------------------------------------------------------- structures

  private Object dict(Element e) {
    if (!e.node().isGroup()) {
      throw source.bad(e.key(), "is a dataset, expected a group");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    source
        .children(source.group(e.node(), e.key()), e.key())
        .forEach(
            (name, node) -> {
              var member = new Element(node, e.key() + "/" + name, Place.VALUE, e.depth() + 1);
              Object value = read(member);
              warnOfRefused(value);
              out.put(name, value);
            });
    return out;
  }

  /** Tells of what was not read as it stands. */
  void warn(String sentence) {
    warnings.accept(sentence);
  }

  /** Says early that the object cannot be written with this element. */
  void warnOfRefused(Object value) {
    if (value instanceof OpaqueElement o && o.content() instanceof StoredElement.Refused refused) {
      warnings.accept(
          source.path()
              + ": '"
              + o.key()
              + "' cannot be kept, remove it before the object is written; "
              + refused.why());
    }
  }

  private Object anndata(Element e) {
    Group group = source.group(e.node(), e.key());
    return H5adReader.nested(source, this, group, e.key(), warnings);
  }

  Object dictOf(Element e) {
    return dict(e);
  }

  private Object records(Element e) {
    H5Array a = source.array(e.node(), e.key());
    return records(a, e);
  }

  /** A compound dataset as a record array; fields of kinds unknown here keep the whole opaque. */
  Object records(H5Array a, Element e) {
    if (a.type().kind() != ElementType.Kind.COMPOUND || a.rank() > 1) {
      return unknown(e, "rec-array", "");
    }
    if (a.type().isComplex()) {
      return unknown(e, "array of " + a.type().describe(), "");
    }
    var fields = new CompoundFields(source, a);
    if (fields.isSimple()) {
      int n = a.flatSize();
      ByteBuffer bytes = n == 0 ? null : a.all();
      var out = new RecordArray(n);
      for (CompoundFields.Field field : fields.list()) {
        out.with(field.name(), fields.values(field, bytes, n));
      }
      return out;
    }
    return unknown(e, "rec-array", "0.2.0");
  }
}
