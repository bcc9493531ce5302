package org.cellweave.io.anndata;

import org.cellweave.data.NdArray;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.StoreArray;
import org.cellweave.matrix.DType;

/** One number, boolean or text. */
final class ScalarKind implements ElementKind {
  private static final String NUMBER = "numeric-scalar";
  private static final String TEXT = "string";
  private static final String VERSION = "0.2.0";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(NUMBER, VERSION, ScalarKind::read);
    registry.reads(TEXT, VERSION, ScalarKind::read);
    registry.reads("bytes", VERSION, ScalarKind::read);
    registry.readsOldArrays(ScalarKind::isBoxedText, (r, a, e) -> a.texts()[0]);
    registry.writes(Boolean.class, (w, t, v) -> write(t, DType.BOOL, new boolean[] {v}));
    registry.writes(Integer.class, (w, t, v) -> write(t, DType.INT32, new int[] {v}));
    registry.writes(Long.class, (w, t, v) -> write(t, DType.INT64, new long[] {v}));
    registry.writes(Float.class, (w, t, v) -> write(t, DType.FLOAT32, new float[] {v}));
    registry.writes(Double.class, (w, t, v) -> write(t, DType.FLOAT64, new double[] {v}));
    registry.writes(
        String.class, (w, t, v) -> ElementWriter.texts(t, new String[] {v}, new long[0], TEXT));
  }

  /** Before 0.7, one text was an array of one text. */
  private static boolean isBoxedText(StoreArray a, Element e) {
    return a.type().isFixedAscii()
        && a.rank() == 1
        && a.size() == 1
        && e.place() == Element.Place.VALUE;
  }

  private static Object read(ElementReader reader, Element e) {
    StoreArray a = reader.source().array(e.node(), e.key());
    // Zarr stores that became files have arrays of one value here, which anndata takes for the
    // value.
    boolean one = a.isScalar() || a.isNull() || (a.size() == 1 && a.type().isNumeric());
    return one ? value(reader, a, e) : ArrayKind.read(reader, a, e);
  }

  /** The value of an array that holds one, or none. */
  static Object value(ElementReader reader, StoreArray a, Element e) {
    if (a.isNull()) {
      return null;
    }
    if (a.type().isText()) {
      return a.texts()[0];
    }
    if (!a.type().isNumeric()) {
      Encoding encoding = reader.encoding(e);
      return reader.unknown(e, encoding.type(), encoding.version());
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

  private static void write(ElementWriter.Target t, DType type, Object one) {
    ElementWriter.numbers(t, type, new long[0], Fillers.primitives(type, one, t.key()), NUMBER);
  }
}
