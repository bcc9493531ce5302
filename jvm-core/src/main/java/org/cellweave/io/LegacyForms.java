package org.cellweave.io;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.io.ElementReader.Element;
import org.cellweave.io.ElementReader.Place;
import org.cellweave.matrix.AxisArray;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/** What anndata wrote before 0.8, when elements did not state their encoding. */
final class LegacyForms {
  private static final String CATEGORIES = "_categories";

  private final H5Source source;
  private final ElementReader elements;

  LegacyForms(H5Source source, ElementReader elements) {
    this.source = source;
    this.elements = elements;
  }

  /** An element without an encoding. */
  Object read(Element e) {
    if (e.node().isGroup()) {
      String sparse = source.text(e.node(), "h5sparse_format", e.key());
      return sparse.isEmpty() ? elements.dictOf(e) : sparse(e, sparse);
    }
    H5Array a = source.array(e.node(), e.key());
    if (a.isNull()) {
      return null;
    }
    if (a.type().kind() == ElementType.Kind.COMPOUND) {
      return elements.records(a, e);
    }
    boolean boxedText = a.type().isFixedAscii() && a.rank() == 1 && a.size() == 1;
    return boxedText && e.place() == Place.VALUE ? a.texts()[0] : elements.array(a, e);
  }

  private Object sparse(Element e, String format) {
    long[] shape = source.longs(e.node(), "h5sparse_shape", e.key());
    return switch (format) {
      case "csr" -> elements.sparse(e, false, shape).read();
      case "csc" -> elements.sparse(e, true, shape).read();
      default ->
          throw source.bad(e.key(), "has sparse format '" + format + "', expected csr or csc");
    };
  }

  /** Codes whose categories lie in another dataset, named by an object reference. */
  Column referencedCategorical(Node node, String key) {
    long[] codes = source.array(node, key).requireRow().longs();
    long[] reference = source.longs(node, "categories", key);
    if (reference == null || reference.length != 1) {
      throw source.bad(key, "has a reference to its categories that cannot be followed");
    }
    Node target = source.byAddress(reference[0], key);
    Column categories = elements.column(source.array(target, key + " (categories)"));
    return elements.categorical(key, codes, categories, source.flag(target, "ordered", key));
  }

  // ---------------------------------------------------------------- compound tables (to 0.6)

  /** A table stored as one compound dataset; its first field is the index. */
  DataFrame table(Node node, String key) {
    return source.guard(
        key,
        () -> {
          H5Array a = source.array(node, key);
          List<CompoundFields.Field> fields = fields(a);
          int n = a.flatSize();
          ByteBuffer bytes = n == 0 ? null : a.all();
          var reader = new CompoundFields(source, a);
          CompoundFields.Field first = fields.get(0);
          Column index = column(reader.values(first, bytes, n));
          String name = first.name();
          var table = new DataFrame(key, index, name.equals(DataFrame.UNNAMED_INDEX) ? null : name);
          for (CompoundFields.Field f : fields.subList(1, fields.size())) {
            if (!f.isArray()) {
              source.column(
                  table, key + "/" + f.name(), f.name(), column(reader.values(f, bytes, n)));
            }
          }
          return table;
        });
  }

  private List<CompoundFields.Field> fields(H5Array a) {
    if (a.type().kind() != ElementType.Kind.COMPOUND || a.rank() != 1) {
      throw source.bad(a.key(), "is an array of " + a.type().describe() + ", expected a table");
    }
    List<CompoundFields.Field> fields = new CompoundFields(source, a).list();
    if (fields.isEmpty()) {
      throw source.bad(a.key(), "is a table without an index");
    }
    return fields;
  }

  private static Column column(NdArray values) {
    if (values.isText()) {
      return StringColumn.of(values.texts());
    }
    DType dtype = values.dtype();
    if (dtype == DType.BOOL) {
      return new BooleanColumn((boolean[]) values.data(), null);
    }
    if (dtype.isFloating()) {
      return NumericColumn.reals(dtype, values.toDoubles());
    }
    long[] longs = new long[values.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] =
          dtype == DType.INT64 || dtype == DType.UINT64
              ? ((long[]) values.data())[i]
              : (long) values.number(i);
    }
    return NumericColumn.integers(dtype, longs, null);
  }

  /** obsm or varm stored as one compound dataset with an array field per entry. */
  Map<String, AxisArray> axisArrays(Node node, String key) {
    return source.guard(
        key,
        () -> {
          H5Array a = source.array(node, key);
          var reader = new CompoundFields(source, a);
          int n = a.flatSize();
          ByteBuffer bytes = n == 0 ? null : a.all();
          Map<String, AxisArray> out = new LinkedHashMap<>();
          for (CompoundFields.Field f : fields(a)) {
            out.put(f.name(), matrix(reader.values(f, bytes, n)));
          }
          return out;
        });
  }

  private static AxisArray matrix(NdArray values) {
    if (values.isText() || values.nDims() != 2) {
      return values;
    }
    int[] shape = values.shape();
    if (values.data() instanceof float[] f && values.dtype() == DType.FLOAT32) {
      return DenseMatrix.wrap(f, shape[0], shape[1]);
    }
    return DenseMatrix.wrap(values.toDoubles(), shape[0], shape[1]).withDType(values.dtype());
  }

  // ------------------------------------------------------------------------ uns (to 0.6)

  /** Turns columns of codes into categoricals with the labels kept in uns, and drops those. */
  void attachCategories(DataFrame table, Map<String, Object> uns) {
    for (String name : List.copyOf(table.getKeys())) {
      Object labels = uns.get(name + CATEGORIES);
      Column categories =
          labels instanceof NdArray a && a.shape().length == 1
              ? column(a)
              : labels instanceof String s ? StringColumn.of(s) : null;
      if (categories == null
          || !(table.get(name) instanceof NumericColumn codes)
          || !codes.isInteger()) {
        continue;
      }
      long[] values = codes.longs();
      int[] narrow = new int[values.length];
      boolean fits = true;
      for (int i = 0; i < narrow.length; i++) {
        fits &= values[i] >= -1 && values[i] < categories.size();
        narrow[i] = (int) values[i];
      }
      if (fits) {
        table.set(name, new CategoricalColumn(narrow, categories, false));
      }
    }
  }

  /** Drops the labels that {@link #attachCategories} has used. */
  void dropCategories(List<DataFrame> tables, Map<String, Object> uns) {
    for (DataFrame table : tables) {
      for (String name : table.getKeys()) {
        if (table.get(name) instanceof CategoricalColumn) {
          uns.remove(name + CATEGORIES);
        }
      }
    }
  }

  boolean isLegacyTable(Node node) {
    return !(node instanceof Group);
  }
}
