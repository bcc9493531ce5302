package org.cellweave.testing;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;

/**
 * Reads single elements of a reference {@code .h5ad} straight through jHDF, so that a test of an
 * algorithm does not rest on our own reader. There are two with the same slots: scanpy on simulated
 * cells, in the repository, and scanpy on the real Kang cells, beside the project.
 */
public final class H5Reference implements AutoCloseable {
  private static final String SIMULATED = "jvm-core/src/test/resources/reference/simulated";
  private static final String KANG = "reference/kang.h5ad";

  private final String name;
  private final Path folder;
  private final HdfFile file;

  private H5Reference(Path path, String name) {
    this.name = name;
    this.folder = path.toAbsolutePath().getParent();
    this.file = new HdfFile(path);
  }

  /** {@code ../shared/reference/kang.h5ad}: scanpy 1.11.5 on {@code data/kang}; skips if absent. */
  public static H5Reference kang() {
    return new H5Reference(SharedData.require(KANG), "kang");
  }

  /** scanpy 1.11.5 on simulated cells; {@code tools/reference/simulated.py} wrote it. */
  public static H5Reference simulated() {
    return new H5Reference(simulatedFile(), "simulated");
  }

  /** All references that are here. */
  public static Stream<H5Reference> all() {
    boolean both = SharedData.has(KANG);
    return Stream.of(false, true).filter(real -> both || !real).map(r -> r ? kang() : simulated());
  }

  /** The file on real cells where it is here, else that on simulated ones. */
  public static Path richestFile() {
    return SharedData.has(KANG) ? SharedData.require(KANG) : simulatedFile();
  }

  /** The file on real cells; skips the calling test, with the reason, when it is not here. */
  public static Path kangFile() {
    return SharedData.require(KANG);
  }

  private static Path simulatedFile() {
    return SharedData.projectRoot().resolve(SIMULATED).resolve("scanpy.h5ad");
  }

  public static H5Reference of(Path path) {
    return new H5Reference(path, path.getFileName().toString());
  }

  /** Whether the cells are the real ones. */
  public boolean isKang() {
    return name.equals("kang");
  }

  @Override
  public String toString() {
    return name;
  }

  /** {@code metrics.json} beside the file: what scikit-learn and scib-metrics measure on it. */
  public String metrics() {
    try {
      return Files.readString(folder.resolve("metrics.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A number of a peer that draws random numbers, over its seeds.
   *
   * @param key its name in {@code metrics.json} of the simulated cells
   * @param onKang the same for the real ones, whose file has none
   */
  public double overSeeds(String key, double onKang) {
    return isKang() ? onKang : metric("over_seeds", key);
  }

  /** A number of {@link #metrics}. */
  public double metric(String part, String key) {
    String json = metrics();
    int at = json.indexOf("\"" + part + "\": {");
    var number = Pattern.compile("\"" + key + "\": ([-+.eE\\d]+)").matcher(json);
    if (at < 0 || !number.find(at)) {
      throw new IllegalArgumentException(name + " has no " + part + " " + key);
    }
    return Double.parseDouble(number.group(1));
  }

  /** How many genes or cells a mask selects. */
  public int count(String path) {
    return (int) Arrays.stream(doubles(path)).filter(v -> v != 0).count();
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
