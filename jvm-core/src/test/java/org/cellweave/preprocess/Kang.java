package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.cellweave.internal.Masks;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.SharedData;

/** The Kang counts before filtering, and comparisons with the reference made from them. */
final class Kang {
  private Kang() {}

  /** Cells of both conditions by all genes, read straight from the 10x folders. */
  static CsrMatrix raw() {
    List<int[]> indices = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    int nGenes = 0;
    for (String batch : List.of("ctrl", "stim")) {
      nGenes = read(SharedData.require("data/kang/" + batch + "/matrix.mtx.gz"), indices, values);
    }
    int[] indptr = new int[indices.size() + 1];
    for (int i = 0; i < indices.size(); i++) {
      indptr[i + 1] = indptr[i] + indices.get(i).length;
    }
    int[] at = new int[indptr[indices.size()]];
    float[] v = new float[at.length];
    for (int i = 0; i < indices.size(); i++) {
      System.arraycopy(indices.get(i), 0, at, indptr[i], indices.get(i).length);
      System.arraycopy(values.get(i), 0, v, indptr[i], indices.get(i).length);
    }
    return CsrMatrix.of(indices.size(), nGenes, indptr, at, v);
  }

  private static int read(Path path, List<int[]> indices, List<float[]> values) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.US_ASCII))) {
      String line = lines.readLine();
      while (line.startsWith("%")) {
        line = lines.readLine();
      }
      String[] shape = line.split(" ", -1);
      int nCells = Integer.parseInt(shape[1]);
      List<List<int[]>> cells = new ArrayList<>();
      for (int i = 0; i < nCells; i++) {
        cells.add(new ArrayList<>());
      }
      for (line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] entry = line.split(" ", -1);
        cells
            .get(Integer.parseInt(entry[1]) - 1)
            .add(new int[] {Integer.parseInt(entry[0]) - 1, Integer.parseInt(entry[2])});
      }
      for (List<int[]> cell : cells) {
        indices.add(cell.stream().mapToInt(e -> e[0]).toArray());
        float[] v = new float[cell.size()];
        for (int p = 0; p < v.length; p++) {
          v[p] = cell.get(p)[1];
        }
        values.add(v);
      }
      return Integer.parseInt(shape[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Relative agreement; NaN only where the reference has NaN. */
  static void assertClose(double[] ours, double[] reference, double tolerance, String what) {
    assertClose(ours, reference, tolerance, 1e-3, what);
  }

  /** Relative to the reference, or to {@code floor} where the reference is smaller. */
  static void assertClose(
      double[] ours, double[] reference, double tolerance, double floor, String what) {
    assertThat(ours).as(what).hasSameSizeAs(reference);
    for (int j = 0; j < ours.length; j++) {
      if (Double.isNaN(reference[j]) || Double.isNaN(ours[j])) {
        assertThat(Double.isNaN(ours[j]) && Double.isNaN(reference[j]))
            .as(what + " at " + j + ": " + ours[j] + ", reference " + reference[j])
            .isTrue();
        continue;
      }
      double error = Math.abs(ours[j] - reference[j]) / Math.max(floor, Math.abs(reference[j]));
      if (!(error <= tolerance)) {
        throw new AssertionError(
            what + " at " + j + ": got " + ours[j] + ", reference " + reference[j]);
      }
    }
  }

  static boolean[] mask(H5Reference file, String path) {
    double[] d = file.doubles(path);
    boolean[] out = new boolean[d.length];
    for (int j = 0; j < d.length; j++) {
      out[j] = d[j] != 0;
    }
    return out;
  }

  static double[] take(double[] v, boolean[] keep) {
    int[] at = Masks.indices(keep);
    double[] out = new double[at.length];
    for (int k = 0; k < at.length; k++) {
      out[k] = v[at[k]];
    }
    return out;
  }

  static double[] toDoubles(int[] v) {
    return java.util.Arrays.stream(v).asDoubleStream().toArray();
  }

  /** All values, row-major, for comparisons. */
  static double[] flat(CsrMatrix x) {
    double[] out = new double[(int) x.nnz()];
    int at = 0;
    for (int b = 0; b < x.blockCount(); b++) {
      for (int p = 0; p < x.block(b).nnz(); p++) {
        out[at++] = x.block(b).value(p);
      }
    }
    return out;
  }
}
