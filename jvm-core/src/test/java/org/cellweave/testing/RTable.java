package org.cellweave.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.cellweave.matrix.DenseMatrix;

/** Results of R packages in {@code ../shared/reference/r}; a test that asks for one is skipped. */
public final class RTable {
  private RTable() {}

  /** The numbers of a table, without row and column names; skips the calling test if absent. */
  public static DenseMatrix numbers(String name) {
    var file = SharedData.require("reference/r/" + name + ".csv.gz");
    List<double[]> rows = new ArrayList<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(",", -1);
        double[] row = new double[fields.length - 1];
        for (int j = 0; j < row.length; j++) {
          row[j] = Double.parseDouble(fields[j + 1]);
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DenseMatrix.ofRows(rows.toArray(new double[0][]));
  }
}
