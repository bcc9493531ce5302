package org.cellweave.io.anndata;

import org.cellweave.io.binary.Filler;
import org.cellweave.io.binary.Fillers;
import org.cellweave.io.store.SparseReader;
import org.cellweave.io.store.StoreGroupWriter;
import org.cellweave.io.store.StoreReader;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;

/** Sparse matrices, compressed by row or by column. */
final class SparseKind implements ElementKind {
  static final String BY_ROW = "csr_matrix";
  static final String BY_COLUMN = "csc_matrix";
  static final String VERSION = "0.1.0";

  /** Attributes of the encoding, and those of files before 0.7. */
  static final String SHAPE = "shape";

  static final String OLD_SHAPE = "h5sparse_shape";
  static final String OLD_FORMAT = "h5sparse_format";

  @Override
  public void register(ElementRegistry registry) {
    registry.reads(BY_ROW, VERSION, (r, e) -> open(r.source(), e, false, SHAPE).read());
    registry.reads(BY_COLUMN, VERSION, (r, e) -> open(r.source(), e, true, SHAPE).read());
    registry.readsOldGroups((r, e) -> !oldFormat(r.source(), e).isEmpty(), SparseKind::readOld);
    registry.writes(
        CsrMatrix.class, (w, t, v) -> write(t, BY_ROW, v, new long[] {v.nRows(), v.nCols()}));
    registry.writes(
        CscMatrix.class,
        (w, t, v) -> write(t, BY_COLUMN, v.columns(), new long[] {v.nRows(), v.nCols()}));
  }

  static SparseReader open(StoreReader source, Element e, boolean byColumn, String shape) {
    long[] size = source.longs(e.node(), shape, e.key());
    return new SparseReader(source, source.group(e.node(), e.key()), e.key(), byColumn, size);
  }

  /** The form that a group of a file before 0.7 says it has, or "". */
  static String oldFormat(StoreReader source, Element e) {
    return source.text(e.node(), OLD_FORMAT, e.key());
  }

  private static Object readOld(ElementReader reader, Element e) {
    String format = oldFormat(reader.source(), e);
    return switch (format) {
      case "csr" -> open(reader.source(), e, false, OLD_SHAPE).read();
      case "csc" -> open(reader.source(), e, true, OLD_SHAPE).read();
      default ->
          throw reader
              .source()
              .bad(e.key(), "has sparse format '" + format + "', expected csr or csc");
    };
  }

  private static void write(ElementWriter.Target t, String encoding, CsrMatrix m, long[] shape) {
    StoreGroupWriter group = t.group();
    ElementWriter.encoding(group, encoding, VERSION);
    group.attribute(SHAPE, shape);
    DType index = indexType(m.nnz());
    long[] n = {m.nnz()};
    part(group, "data", m.dtype(), n, Fillers.sparseValues(m, t.key()));
    part(group, "indices", index, n, Fillers.sparseIndices(m, index));
    part(group, "indptr", index, new long[] {m.nRows() + 1L}, Fillers.longs(index, m.rowPtr()));
    group.close();
  }

  /** scipy wants one type for both kinds of indices, and int32 wherever it is enough. */
  static DType indexType(long values) {
    return values > Integer.MAX_VALUE ? DType.INT64 : DType.INT32;
  }

  private static void part(
      StoreGroupWriter group, String name, DType type, long[] shape, Filler values) {
    group.numbers(name, type, shape, true, values).close();
  }
}
