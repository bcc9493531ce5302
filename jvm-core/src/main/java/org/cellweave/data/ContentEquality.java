package org.cellweave.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;

/** Deep comparison that names the first difference; NaN equals NaN. */
public final class ContentEquality {
  private ContentEquality() {}

  /** As {@link #difference(Object, Object, String)}, for what two objects hold. */
  static String difference(AnnData a, AnnData b) {
    return difference(content(a), content(b), "");
  }

  private static Map<String, Object> content(AnnData adata) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("X", adata.getX());
    out.put("obs", adata.getObs());
    out.put("var", adata.getVar());
    out.put("uns", adata.getUns());
    for (AxisSlots<?> slots :
        List.of(
            adata.getLayers(),
            adata.getObsm(),
            adata.getVarm(),
            adata.getObsp(),
            adata.getVarp())) {
      slots.getKeys().forEach(k -> out.put(slots.name() + "." + k, slots.get(k)));
    }
    Raw raw = adata.getRaw();
    out.put("raw.X", raw == null ? null : raw.getX());
    out.put("raw.var", raw == null ? null : raw.getVar());
    return out;
  }

  /** Null when equal, else where and how they differ. */
  public static String difference(Object a, Object b, String where) {
    if (a == b) {
      return null;
    }
    if (a == null || b == null) {
      return where + ": " + a + " against " + b;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return maps(x, y, where);
    }
    if (a instanceof Matrix x && b instanceof Matrix y) {
      return matrices(x, y, where);
    }
    if (a instanceof DataFrame x && b instanceof DataFrame y) {
      return tables(x, y, where);
    }
    if (a instanceof Column x && b instanceof Column y) {
      return columns(x, y, where);
    }
    if (a instanceof NdArray x && b instanceof NdArray y) {
      return arrays(x, y, where);
    }
    if (a instanceof RecordArray x && b instanceof RecordArray y) {
      return maps(x.fields(), y.fields(), where);
    }
    if (a instanceof Number x && b instanceof Number y) {
      return x.equals(y) || x.doubleValue() == y.doubleValue()
          ? null
          : where + ": " + a + " against " + b;
    }
    return a.equals(b) ? null : where + ": " + a + " against " + b;
  }

  private static String maps(Map<?, ?> a, Map<?, ?> b, String where) {
    if (!a.keySet().equals(b.keySet())) {
      return where + ": keys " + a.keySet() + " against " + b.keySet();
    }
    for (Object key : a.keySet()) {
      String found = difference(a.get(key), b.get(key), where + "['" + key + "']");
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String tables(DataFrame a, DataFrame b, String where) {
    if (!a.getNames().equals(b.getNames())) {
      return where + ": row names differ";
    }
    if (!List.copyOf(a.getKeys()).equals(List.copyOf(b.getKeys()))) {
      return where + ": columns " + a.getKeys() + " against " + b.getKeys();
    }
    for (String key : a.getKeys()) {
      String found = columns(a.get(key), b.get(key), where + "['" + key + "']");
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String columns(Column a, Column b, String where) {
    if (!a.dtypeName().equals(b.dtypeName())) {
      return where + ": " + a.dtypeName() + " against " + b.dtypeName();
    }
    if (a instanceof CategoricalColumn x
        && b instanceof CategoricalColumn y
        && (x.isOrdered() != y.isOrdered() || !x.categoryNames().equals(y.categoryNames()))) {
      return where + ": categories " + x.categoryNames() + " against " + y.categoryNames();
    }
    return Column.sameValues(a, b) ? null : where + ": values differ";
  }

  private static String arrays(NdArray a, NdArray b, String where) {
    if (a.dtype() != b.dtype() || !java.util.Arrays.equals(a.shape(), b.shape())) {
      return where + ": " + a.described() + " against " + b.described();
    }
    return Objects.deepEquals(a.data(), b.data()) ? null : where + ": values differ";
  }

  private static String matrices(Matrix a, Matrix b, String where) {
    if (a.nRows() != b.nRows()
        || a.nCols() != b.nCols()
        || a.dtype() != b.dtype()
        || a.isSparse() != b.isSparse()) {
      return where + ": " + a.described() + " against " + b.described();
    }
    var x = Rows.of(a);
    var y = Rows.of(b);
    double[] left = new double[a.nCols()];
    double[] right = new double[a.nCols()];
    for (int i = 0; i < a.nRows(); i++) {
      x.read(i, left);
      y.read(i, right);
      for (int j = 0; j < left.length; j++) {
        if (left[j] != right[j] && !(Double.isNaN(left[j]) && Double.isNaN(right[j]))) {
          return where + "[" + i + ", " + j + "]: " + left[j] + " against " + right[j];
        }
      }
    }
    return null;
  }
}
