package org.cellweave.io.anndata;

import java.util.Collection;
import org.cellweave.data.NdArray;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.ArrayValues;
import org.cellweave.io.store.StoreArray;
import org.cellweave.matrix.DenseMatrix;

/** Arrays of numbers, booleans or text, and dense matrices. */
final class ArrayKind implements ElementKind {
  private static final String NUMBERS = "array";
  private static final String TEXTS = "string-array";
  private static final String VERSION = "0.2.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(NUMBERS, VERSION, (r, e) -> read(r, r.source().array(e.node(), e.key()), e));
    registry.reads(TEXTS, VERSION, (r, e) -> read(r, r.source().array(e.node(), e.key()), e));
    registry.readsOldArrays((array, element) -> true, ArrayKind::read);
    registry.writes(NdArray.class, (w, t, v) -> write(t, v));
    registry.writes(DenseMatrix.class, (w, t, v) -> dense(t, v));
    registry.writes(Collection.class, (w, t, v) -> write(t, list(t, v)));
    registry.writes(String[].class, (w, t, v) -> write(t, NdArray.of(v)));
    registry.writes(int[].class, (w, t, v) -> write(t, NdArray.of(v)));
    registry.writes(long[].class, (w, t, v) -> write(t, NdArray.of(v)));
    registry.writes(float[].class, (w, t, v) -> write(t, NdArray.of(v)));
    registry.writes(double[].class, (w, t, v) -> write(t, NdArray.of(v)));
    registry.writes(boolean[].class, (w, t, v) -> write(t, NdArray.of(v)));
  }

  /** An array for the place it is read for. */
  static Object read(ElementReader reader, StoreArray a, Element e) {
    if (!a.type().isNumeric() && !a.type().isText()) {
      return reader.unknown(e, "array of " + a.type().describe(), "");
    }
    if (a.isNull()) {
      return null;
    }
    return switch (e.place()) {
      case TABLE -> throw reader.source().bad(e.key(), "is an array, expected a table");
      case COLUMN -> ArrayValues.column(a);
      case MATRIX -> ArrayValues.dense(a);
      case AXIS ->
          a.type().isNumeric() && a.rank() == 2 ? ArrayValues.dense(a) : ArrayValues.values(a);
      case VALUE -> a.isScalar() ? ScalarKind.value(reader, a, e) : ArrayValues.values(a);
    };
  }

  private static void write(ElementWriter.Target t, NdArray a) {
    int[] shape = a.shape();
    long[] dims = new long[shape.length];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = shape[d];
    }
    boolean scalar = dims.length == 0;
    if (a.isText()) {
      ElementWriter.texts(t, a.texts(), dims, scalar ? "string" : TEXTS);
    } else {
      var values = Fillers.primitives(a.dtype(), a.data(), t.key());
      ElementWriter.numbers(t, a.dtype(), dims, values, scalar ? "numeric-scalar" : NUMBERS);
    }
  }

  private static void dense(ElementWriter.Target t, DenseMatrix m) {
    long[] shape = {m.nRows(), m.nCols()};
    ElementWriter.numbers(t, m.dtype(), shape, Fillers.dense(m, t.key()), NUMBERS);
  }

  private static NdArray list(ElementWriter.Target t, Collection<?> values) {
    if (values.stream().allMatch(String.class::isInstance)) {
      return NdArray.of(values.stream().map(String.class::cast).toArray(String[]::new));
    }
    if (values.stream().allMatch(Boolean.class::isInstance)) {
      boolean[] out = new boolean[values.size()];
      int i = 0;
      for (Object v : values) {
        out[i++] = (Boolean) v;
      }
      return NdArray.of(out);
    }
    if (values.stream().allMatch(v -> v instanceof Integer || v instanceof Long)) {
      return NdArray.of(values.stream().mapToLong(v -> ((Number) v).longValue()).toArray());
    }
    if (values.stream().allMatch(Number.class::isInstance)) {
      return NdArray.of(values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray());
    }
    throw new IllegalArgumentException(
        "'"
            + t.key()
            + "' is a list of mixed values, which .h5ad cannot hold; "
            + "use a list of text, of numbers or of booleans");
  }
}
