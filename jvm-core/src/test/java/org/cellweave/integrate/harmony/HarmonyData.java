package org.cellweave.integrate.harmony;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.ReferenceTable;
import org.cellweave.testing.SharedData;

/** Tables of the development data, and simulated batches. */
final class HarmonyData {
  private HarmonyData() {}

  /** Numbers below the header, without the first {@code skip} columns. */
  static DenseMatrix numbers(String path, int skip) {
    return ReferenceTable.read(path).numbers(skip);
  }

  static Categories labels(String path, String column) {
    return covariate(column, ReferenceTable.read(path).texts(column));
  }

  static Categories covariate(String name, String... labels) {
    var levels = new ArrayList<>(new TreeSet<>(Arrays.asList(labels)));
    int[] codes = Arrays.stream(labels).mapToInt(levels::indexOf).toArray();
    return new Categories(name, codes, levels.toArray(new String[0]));
  }

  /** Points of a few types in which batch b is shifted by a vector of its own. */
  record Simulated(DenseMatrix points, Categories batch, Categories type) {}

  static Simulated simulated(int n, int dims, int nTypes, int nBatches, double shift, long seed) {
    var random = new SplittableRandom(seed);
    double[][] types = gaussians(random, nTypes, dims, 4);
    double[][] shifts = gaussians(random, nBatches, dims, shift);
    int[] type = new int[n];
    int[] batch = new int[n];
    double[][] rows = gaussians(random, n, dims, 1);
    for (int i = 0; i < n; i++) {
      type[i] = i < nTypes ? i : random.nextInt(nTypes);
      batch[i] = i < nBatches ? i : random.nextInt(nBatches);
      for (int c = 0; c < dims; c++) {
        rows[i][c] += types[type[i]][c] + shifts[batch[i]][c];
      }
    }
    return new Simulated(
        DenseMatrix.ofRows(rows), Categories.of("batch", batch), Categories.of("type", type));
  }

  private static double[][] gaussians(SplittableRandom random, int n, int dims, double scale) {
    double[][] out = new double[n][dims];
    for (double[] row : out) {
      for (int c = 0; c < dims; c++) {
        double u = Math.max(1e-300, random.nextDouble());
        row[c] = scale * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
      }
    }
    return out;
  }

  /** The smallest correlation of corresponding columns. */
  static double worstCorrelation(DenseMatrix a, DenseMatrix b) {
    double worst = 1;
    for (int c = 0; c < Math.min(a.nCols(), b.nCols()); c++) {
      worst = Math.min(worst, correlation(a.column(c), b.column(c)));
    }
    return worst;
  }

  static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** Frobenius norm of the difference over that of {@code b}. */
  static double relativeDistance(DenseMatrix a, DenseMatrix b) {
    double diff = 0;
    double norm = 0;
    for (int i = 0; i < a.nRows(); i++) {
      for (int c = 0; c < a.nCols(); c++) {
        diff += Math.pow(a.get(i, c) - b.get(i, c), 2);
        norm += Math.pow(b.get(i, c), 2);
      }
    }
    return Math.sqrt(diff / norm);
  }

  /** A named array of the fixture, row by row. */
  static double[] fixture(String... path) {
    var text = new StringBuilder();
    try (var in =
        new InputStreamReader(
            new GZIPInputStream(
                Files.newInputStream(
                    SharedData.require("data/harmony/harmony2_cell_lines_k5_fixture.json.gz"))),
            StandardCharsets.UTF_8)) {
      char[] buffer = new char[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        text.append(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int at = 0;
    for (String key : path) {
      at = text.indexOf("\"" + key + "\"", at);
      if (at < 0) {
        throw new IllegalArgumentException("the fixture has no " + key);
      }
    }
    int from = text.indexOf(":", at) + 1;
    int to = from;
    int depth = 0;
    while (depth > 0 || (text.charAt(to) != ',' && text.charAt(to) != '}')) {
      depth += text.charAt(to) == '[' ? 1 : text.charAt(to) == ']' ? -1 : 0;
      to++;
    }
    String[] words = text.substring(from, to).replaceAll("[\\[\\]\\s]", "").split(",");
    return Arrays.stream(words).mapToDouble(Double::parseDouble).toArray();
  }
}
