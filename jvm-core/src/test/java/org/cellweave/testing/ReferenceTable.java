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

/** A packed table of the development data: a header, then rows. */
public final class ReferenceTable {
  private final List<String[]> lines;

  private ReferenceTable(List<String[]> lines) {
    this.lines = lines;
  }

  /**
   * {@code ../shared/path}, {@code .csv.gz} or {@code .tsv.gz}; skips the calling test when absent.
   */
  public static ReferenceTable read(String path) {
    String separator = path.contains(".tsv") ? "\t" : ",";
    var out = new ArrayList<String[]>();
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(SharedData.require(path))),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.add(line.split(separator));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ReferenceTable(out);
  }

  /** The header and the rows, as they stand. */
  public List<String[]> lines() {
    return lines;
  }

  /** The numbers of all rows, without the first {@code skip} columns. */
  public DenseMatrix numbers(int skip) {
    double[][] rows = new double[lines.size() - 1][];
    for (int i = 1; i < lines.size(); i++) {
      String[] fields = lines.get(i);
      rows[i - 1] =
          Arrays.stream(fields, skip, fields.length).mapToDouble(Double::parseDouble).toArray();
    }
    return DenseMatrix.ofRows(rows);
  }

  /** A column by its name in the header. */
  public String[] texts(String column) {
    int at = Arrays.asList(lines.get(0)).indexOf(column);
    return lines.stream().skip(1).map(fields -> fields[at]).toArray(String[]::new);
  }

  /** A column of numbers by its name in the header. */
  public double[] numbers(String column) {
    return Arrays.stream(texts(column)).mapToDouble(Double::parseDouble).toArray();
  }
}
