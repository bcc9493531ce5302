package org.cellweave.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.cellweave.matrix.DenseMatrix;

/** Results of R packages in {@code ../shared/reference/r}; a test that asks for one is skipped. */
public final class RTable {
  private RTable() {}

  /** The numbers of a table, without row and column names; skips the calling test if absent. */
  public static DenseMatrix numbers(String name) {
    List<String[]> lines = lines(name);
    double[][] rows = new double[lines.size() - 1][];
    for (int i = 0; i < rows.length; i++) {
      String[] fields = lines.get(i + 1);
      rows[i] = new double[fields.length - 1];
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = Double.parseDouble(fields[j + 1]);
      }
    }
    return DenseMatrix.ofRows(rows);
  }

  public static String[] rowNames(String name) {
    return lines(name).stream().skip(1).map(fields -> fields[0]).toArray(String[]::new);
  }

  public static String[] columnNames(String name) {
    String[] fields = lines(name).get(0);
    return Arrays.copyOfRange(fields, 1, fields.length);
  }

  private static List<String[]> lines(String name) {
    var file = SharedData.require("reference/r/" + name + ".csv.gz");
    List<String[]> lines = new ArrayList<>();
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line.split(",", -1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
