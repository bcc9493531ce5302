package org.cellweave.io;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/**
 * Writes any value an AnnData may hold, each with its encoding type and version. A new kind of
 * value is one more entry in {@link #WRITERS}.
 */
final class ElementWriter {
  /** Where a value goes: the open parent group, its name there, and its path for messages. */
  record Target(long parent, String name, String key) {}

  @FunctionalInterface
  private interface Function<T> {
    void write(ElementWriter writer, Target at, T value);
  }

  private static final Map<Class<?>, Function<Object>> WRITERS = new LinkedHashMap<>();

  static {
    register(Boolean.class, (w, t, v) -> w.number(t, DType.BOOL, new boolean[] {v}));
    register(Integer.class, (w, t, v) -> w.number(t, DType.INT32, new int[] {v}));
    register(Long.class, (w, t, v) -> w.number(t, DType.INT64, new long[] {v}));
    register(Float.class, (w, t, v) -> w.number(t, DType.FLOAT32, new float[] {v}));
    register(Double.class, (w, t, v) -> w.number(t, DType.FLOAT64, new double[] {v}));
    register(String.class, ElementWriter::text);
    register(NdArray.class, ElementWriter::array);
    register(DenseMatrix.class, ElementWriter::dense);
    register(CsrMatrix.class, (w, t, v) -> w.sparse(t, "csr_matrix", v, v.nRows(), v.nCols()));
    register(
        CscMatrix.class, (w, t, v) -> w.sparse(t, "csc_matrix", v.columns(), v.nRows(), v.nCols()));
    register(DataFrame.class, (w, t, v) -> new TableWriter(w.sink, w).write(t, v));
    register(NumericColumn.class, ElementWriter::numbers);
    register(BooleanColumn.class, ElementWriter::booleans);
    register(StringColumn.class, ElementWriter::strings);
    register(CategoricalColumn.class, ElementWriter::categorical);
    register(RecordArray.class, (w, t, v) -> new RecordWriter(w.sink).write(t, v));
    register(Map.class, ElementWriter::dict);
    register(Collection.class, ElementWriter::list);
    register(OpaqueElement.class, (w, t, v) -> new StoredWriter(w.sink).write(t, v));
    register(AnnData.class, (w, t, v) -> H5adWriter.nested(w, t, v));
    register(String[].class, (w, t, v) -> w.array(t, NdArray.of(v)));
    register(int[].class, (w, t, v) -> w.array(t, NdArray.of(v)));
    register(long[].class, (w, t, v) -> w.array(t, NdArray.of(v)));
    register(float[].class, (w, t, v) -> w.array(t, NdArray.of(v)));
    register(double[].class, (w, t, v) -> w.array(t, NdArray.of(v)));
    register(boolean[].class, (w, t, v) -> w.array(t, NdArray.of(v)));
  }

  @SuppressWarnings("unchecked")
  private static <T> void register(Class<T> type, Function<T> writer) {
    WRITERS.put(type, (w, t, v) -> writer.write(w, t, (T) v));
  }

  private final H5Sink sink;
  private final H5adWriter.Options options;
  private final ArrayWriter arrays;

  ElementWriter(H5Sink sink, H5adWriter.Options options) {
    this.sink = sink;
    this.options = options;
    this.arrays = new ArrayWriter(sink, options);
  }

  H5Sink sink() {
    return sink;
  }

  H5adWriter.Options options() {
    return options;
  }

  /** Writes {@code value} as member {@code name} of an open group. */
  void write(long parent, String name, String parentKey, Object value) {
    boolean joined = parentKey.isEmpty() || parentKey.endsWith("/");
    String key = joined ? parentKey + name : parentKey + "/" + name;
    checkName(name, key);
    var target = new Target(parent, name, key);
    if (value == null) {
      nothing(target);
      return;
    }
    Function<Object> writer = WRITERS.get(value.getClass());
    if (writer == null) {
      writer =
          WRITERS.entrySet().stream()
              .filter(e -> e.getKey().isInstance(value))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElseThrow(() -> unsupported(key, value));
    }
    writer.write(this, target, value);
  }

  private static IllegalArgumentException unsupported(String key, Object value) {
    return new IllegalArgumentException(
        "'"
            + key
            + "' is a "
            + value.getClass().getName()
            + ", which .h5ad cannot hold; use numbers, text, arrays, tables, matrices or maps of them");
  }

  /**
   * A name with a slash leads through groups, as in files of Python; none of its parts may lack.
   */
  static void checkName(String name, String key) {
    boolean ok = name.indexOf('\0') < 0;
    for (String part : name.split("/", -1)) {
      ok &= !part.isEmpty() && !part.equals(".");
    }
    if (!ok) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' has a name that .h5ad cannot hold, '"
              + name
              + "'; it must not be empty, '.', or start or end with '/'; rename it");
    }
  }

  /** Refuses names of which one would have to be a group and a value at once. */
  static void checkNames(Collection<String> names, String key) {
    for (String name : names) {
      for (int at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
        String outer = name.substring(0, at);
        if (names.contains(outer)) {
          throw new IllegalArgumentException(
              "'"
                  + key
                  + "' holds both '"
                  + outer
                  + "' and '"
                  + name
                  + "', which .h5ad would have to keep in the same place; rename one of them");
        }
      }
    }
  }

  // ------------------------------------------------------------------------------- pieces

  void encoding(long object, String type, String version) {
    sink.attribute(object, "encoding-type", type);
    sink.attribute(object, "encoding-version", version);
  }

  private void nothing(Target t) {
    long dataset =
        sink.dataset(t.parent(), t.name(), sink.type(DType.FLOAT32), null, null, null, 0, false);
    encoding(dataset, "null", "0.1.0");
    sink.closeDataset(dataset);
  }

  private void number(Target t, DType type, Object one) {
    put(t, type, new long[0], Fillers.primitives(type, one, t.key()), "numeric-scalar");
  }

  private void put(Target t, DType type, long[] shape, ArrayWriter.Filler filler, String encoding) {
    long dataset = arrays.write(t.parent(), t.name(), type, shape, false, filler);
    encoding(dataset, encoding, "0.2.0");
    sink.closeDataset(dataset);
  }

  private void text(Target t, String value) {
    texts(t, new String[] {value}, new long[0], "string");
  }

  private void texts(Target t, String[] values, long[] shape, String encoding) {
    long dataset = sink.dataset(t.parent(), t.name(), sink.textType(), shape, null, null, 0, false);
    if (values.length > 0) {
      sink.writeTexts(dataset, values, t.key());
    }
    encoding(dataset, encoding, "0.2.0");
    sink.closeDataset(dataset);
  }

  void array(Target t, NdArray a) {
    int[] shape = a.shape();
    long[] dims = new long[shape.length];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = shape[d];
    }
    if (a.isText()) {
      texts(t, a.texts(), dims, dims.length == 0 ? "string" : "string-array");
    } else {
      var filler = Fillers.primitives(a.dtype(), a.data(), t.key());
      put(t, a.dtype(), dims, filler, dims.length == 0 ? "numeric-scalar" : "array");
    }
  }

  private void dense(Target t, DenseMatrix m) {
    put(t, m.dtype(), new long[] {m.nRows(), m.nCols()}, Fillers.dense(m, t.key()), "array");
  }

  private void sparse(Target t, String encoding, CsrMatrix m, int nRows, int nCols) {
    long group = sink.group(t.parent(), t.name(), false);
    encoding(group, encoding, "0.1.0");
    sink.attribute(group, "shape", new long[] {nRows, nCols});
    // scipy wants one type for both, and int32 wherever it is enough.
    DType index = m.nnz() > Integer.MAX_VALUE ? DType.INT64 : DType.INT32;
    long[] n = {m.nnz()};
    part(group, "data", m.dtype(), n, Fillers.sparseValues(m, t.key()));
    part(group, "indices", index, n, Fillers.sparseIndices(m, index));
    part(group, "indptr", index, new long[] {m.nRows() + 1L}, Fillers.longs(index, m.rowPtr()));
    sink.closeGroup(group);
  }

  private void part(long group, String name, DType type, long[] shape, ArrayWriter.Filler filler) {
    sink.closeDataset(arrays.write(group, name, type, shape, true, filler));
  }

  // ------------------------------------------------------------------------------ columns

  private void numbers(Target t, NumericColumn c) {
    if (c.isNullable()) {
      var values = c.longs().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = c.isMissing(i) ? 0 : values[i];
      }
      nullable(t, "nullable-integer", NumericColumn.integers(c.dtype(), values, null), c.mask());
      return;
    }
    var filler =
        c.isInteger()
            ? Fillers.longs(c.dtype(), c.longs())
            : Fillers.doubles(c.dtype(), c.toDoubles(), t.key());
    put(t, c.dtype(), new long[] {c.size()}, filler, "array");
  }

  private void booleans(Target t, BooleanColumn c) {
    if (c.isNullable()) {
      nullable(t, "nullable-boolean", new BooleanColumn(c.values(), null), c.mask());
    } else {
      put(t, DType.BOOL, new long[] {c.size()}, Fillers.booleans(c.values()), "array");
    }
  }

  private void nullable(Target t, String encoding, Object values, boolean[] mask) {
    long group = sink.group(t.parent(), t.name(), false);
    encoding(group, encoding, "0.1.0");
    write(group, "values", t.key(), values);
    write(group, "mask", t.key(), new BooleanColumn(mask, null));
    sink.closeGroup(group);
  }

  private void strings(Target t, StringColumn c) {
    boolean[] missing = new boolean[c.size()];
    boolean any = false;
    for (int i = 0; i < missing.length; i++) {
      missing[i] = c.isMissing(i);
      any |= missing[i];
    }
    if (c.isNullable() || any) {
      String[] values = c.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = missing[i] ? "" : values[i];
      }
      nullable(t, "nullable-string-array", StringColumn.of(values), missing);
    } else {
      texts(t, c.values(), new long[] {c.size()}, "string-array");
    }
  }

  void categorical(Target t, CategoricalColumn c) {
    long group = sink.group(t.parent(), t.name(), false);
    encoding(group, "categorical", "0.2.0");
    sink.attribute(group, "ordered", c.isOrdered());
    int n = c.nCategories();
    DType type = n < 128 ? DType.INT8 : n < 32768 ? DType.INT16 : DType.INT32;
    var codes = new Target(group, "codes", t.key() + "/codes");
    put(codes, type, new long[] {c.size()}, Fillers.ints(type, c.codes()), "array");
    write(group, "categories", t.key(), c.categories());
    sink.closeGroup(group);
  }

  // --------------------------------------------------------------------------- structures

  private void dict(Target t, Map<?, ?> map) {
    long group = sink.group(t.parent(), t.name(), false);
    encoding(group, "dict", "0.1.0");
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((name, value) -> named.put(String.valueOf(name), value));
    checkNames(named.keySet(), t.key());
    named.forEach((name, value) -> write(group, name, t.key(), value));
    sink.closeGroup(group);
  }

  private void list(Target t, Collection<?> values) {
    if (values.stream().allMatch(String.class::isInstance)) {
      array(t, NdArray.of(values.stream().map(String.class::cast).toArray(String[]::new)));
    } else if (values.stream().allMatch(Boolean.class::isInstance)) {
      boolean[] out = new boolean[values.size()];
      int i = 0;
      for (Object v : values) {
        out[i++] = (Boolean) v;
      }
      array(t, NdArray.of(out));
    } else if (values.stream().allMatch(v -> v instanceof Integer || v instanceof Long)) {
      array(t, NdArray.of(values.stream().mapToLong(v -> ((Number) v).longValue()).toArray()));
    } else if (values.stream().allMatch(Number.class::isInstance)) {
      array(t, NdArray.of(values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray()));
    } else {
      throw new IllegalArgumentException(
          "'"
              + t.key()
              + "' is a list of mixed values, which .h5ad cannot hold; "
              + "use a list of text, of numbers or of booleans");
    }
  }
}
