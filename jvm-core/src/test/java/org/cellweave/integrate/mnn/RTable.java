package org.cellweave.integrate.mnn;

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
import org.cellweave.testing.SharedData;

/**
 * A table that R wrote, {@code ../shared/reference/r/<name>.csv.gz}: the names of its rows come
 * first.
 */
record RTable(List<String[]> rows) {
  static RTable read(String name) {
    var rows = new ArrayList<String[]>();
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(SharedData.require("reference/r/" + name + ".csv.gz"))),
                StandardCharsets.UTF_8))) {
      in.readLine();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out(rows, line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RTable(rows);
  }

  private static void out(List<String[]> rows, String line) {
    String[] fields = line.split(",");
    rows.add(Arrays.copyOfRange(fields, 1, fields.length));
  }

  /** Columns from {@code skip} on. */
  double[][] numbers(int skip) {
    return rows.stream()
        .map(row -> Arrays.stream(row, skip, row.length).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  double[] column(int c) {
    return rows.stream().mapToDouble(row -> Double.parseDouble(row[c])).toArray();
  }
}
