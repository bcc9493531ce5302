package org.cellweave.testing;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.lang.reflect.Array;
import java.nio.file.Path;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;

/**
 * Reads single elements of a reference {@code .h5ad} straight through jHDF, so that a test of an
 * algorithm does not rest on our own reader.
 */
public final class H5Reference implements AutoCloseable {
  private final HdfFile file;

  private H5Reference(Path path) {
    this.file = new HdfFile(path);
  }

  /** {@code ../shared/reference/kang.h5ad}: scanpy 1.11.5 on {@code data/kang}; skips if absent. */
  public static H5Reference kang() {
    return new H5Reference(SharedData.require("reference/kang.h5ad"));
  }

  public static H5Reference of(Path path) {
    return new H5Reference(path);
  }

  public boolean has(String path) {
    try {
      return file.getByPath(path) != null;
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** A numeric dataset, flattened; booleans as 0 and 1. */
  public double[] doubles(String path) {
    Object data = file.getDatasetByPath(path).getDataFlat();
    int n = Array.getLength(data);
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      Object v = Array.get(data, i);
      out[i] = v instanceof Number x ? x.doubleValue() : "TRUE".equals(String.valueOf(v)) ? 1 : 0;
    }
    return out;
  }

  public int[] ints(String path) {
    double[] d = doubles(path);
    int[] out = new int[d.length];
    for (int i = 0; i < d.length; i++) {
      out[i] = (int) d[i];
    }
    return out;
  }

  public String[] strings(String path) {
    return (String[]) file.getDatasetByPath(path).getDataFlat();
  }

  /** A dense two-dimensional dataset. */
  public DenseMatrix dense(String path) {
    int[] shape = file.getDatasetByPath(path).getDimensions();
    return DenseMatrix.wrap(doubles(path), shape[0], shape[1]);
  }

  /** A {@code csr_matrix} group, as float32. */
  public CsrMatrix csr(String path) {
    Group group = (Group) file.getByPath(path);
    long[] shape = toLongs(group.getAttribute("shape").getData());
    double[] values = doubles(path + "/data");
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return CsrMatrix.of(
        (int) shape[0], (int) shape[1], ints(path + "/indptr"), ints(path + "/indices"), narrow);
  }

  private static long[] toLongs(Object data) {
    long[] out = new long[Array.getLength(data)];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) Array.get(data, i)).longValue();
    }
    return out;
  }

  /** Codes of a categorical column, -1 where missing. */
  public int[] codes(String path) {
    return ints(path + "/codes");
  }

  public String[] categories(String path) {
    return strings(path + "/categories");
  }

  /**
   * One field of a record array such as {@code uns/wilcoxon/scores}, as float64.
   *
   * @param field the group's name ("0")
   */
  public double[] recordDoubles(String path, String field) {
    Object data = record(path, field);
    double[] out = new double[Array.getLength(data)];
    for (int i = 0; i < out.length; i++) {
      out[i] = ((Number) Array.get(data, i)).doubleValue();
    }
    return out;
  }

  public String[] recordStrings(String path, String field) {
    return (String[]) record(path, field);
  }

  @SuppressWarnings("unchecked")
  private Object record(String path, String field) {
    return ((java.util.Map<String, Object>) file.getDatasetByPath(path).getData()).get(field);
  }

  public Node node(String path) {
    return file.getByPath(path);
  }

  @Override
  public void close() {
    file.close();
  }
}
