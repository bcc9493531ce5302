package org.cellweave.io.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.DataFrame;
import org.cellweave.io.binary.SparseRows;
import org.cellweave.io.file.HeapLimit;
import org.cellweave.io.text.NumberText;
import org.cellweave.io.text.TextRow;
import org.cellweave.io.text.TextRows;
import org.cellweave.io.text.TextSource;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;
import org.cellweave.util.Quoted;

/**
 * Reads the counts that {@code umi_tools count} writes, compressed or not: a table with the columns
 * {@code gene}, {@code cell} and {@code count} between tabs. Cells and genes are sorted by name;
 * counts given twice are added up.
 */
public final class UmiTools {
  private final String file;
  private final List<String> genes = new ArrayList<>();
  private final List<String> cells = new ArrayList<>();
  private final List<Float> counts = new ArrayList<>();
  private final NumberText number = new NumberText();

  private UmiTools(String file) {
    this.file = file;
  }

  /**
   * @throws FormatException names the column that is missing or the line that does not fit
   */
  public static AnnData read(Path path) {
    return HeapLimit.reading(path, () -> new UmiTools(path.toString()).table(path));
  }

  private AnnData table(Path path) {
    try (var in = TextSource.open(path, "a table of umi_tools count");
        var rows = TextRows.of(in, "\t")) {
      TextRow row = rows.next();
      List<String> header = row == null ? List.of() : List.of(row.texts());
      int gene = column(header, "gene");
      int cell = column(header, "cell");
      int count = column(header, "count");
      for (row = rows.next(); row != null; row = rows.next()) {
        take(row, header.size(), gene, cell, count);
      }
    }
    return build();
  }

  private int column(List<String> header, String name) {
    int at = header.indexOf(name);
    if (at < 0) {
      throw new FormatException(
          file
              + ", line 1: there is no column "
              + Quoted.of(name)
              + "; the first line must name gene, cell and count, separated by tabs");
    }
    return at;
  }

  private void take(TextRow row, int width, int gene, int cell, int count) {
    if (row.size() != width) {
      throw bad(row, "there are " + row.size() + " fields, expected " + width);
    }
    if (!row.read(count, number)) {
      throw bad(row, Quoted.of(row.text(count)) + " is no count");
    }
    genes.add(row.text(gene));
    cells.add(row.text(cell));
    counts.add((float) number.value());
  }

  private FormatException bad(TextRow row, String problem) {
    return new FormatException(file + ", line " + row.line() + ": " + problem);
  }

  private AnnData build() {
    String[] cellNames = cells.stream().distinct().sorted().toArray(String[]::new);
    String[] geneNames = genes.stream().distinct().sorted().toArray(String[]::new);
    Map<String, Integer> cellAt = positions(cellNames);
    Map<String, Integer> geneAt = positions(geneNames);
    int[] indptr = new int[cellNames.length + 1];
    cells.forEach(cell -> indptr[cellAt.get(cell) + 1]++);
    for (int cell = 0; cell < cellNames.length; cell++) {
      indptr[cell + 1] += indptr[cell];
    }
    int[] next = indptr.clone();
    int[] indices = new int[counts.size()];
    float[] values = new float[counts.size()];
    for (int k = 0; k < values.length; k++) {
      int at = next[cellAt.get(cells.get(k))]++;
      indices[at] = geneAt.get(genes.get(k));
      values[at] = counts.get(k);
    }
    long[] wide = Arrays.stream(indptr).asLongStream().toArray();
    CsrMatrix x = CsrMatrix.allocate(geneNames.length, wide, DType.FLOAT32, true);
    for (int i = 0; i < cellNames.length; i++) {
      CsrMatrix.Block block = x.blockOf(i);
      System.arraycopy(
          indices, indptr[i], block.indices(), block.start(i), indptr[i + 1] - indptr[i]);
      System.arraycopy(
          values, indptr[i], block.values(), block.start(i), indptr[i + 1] - indptr[i]);
    }
    DataFrame obs = DataFrame.ofNames(cellNames);
    obs.setIndexName("cell");
    DataFrame var = DataFrame.ofNames(geneNames);
    var.setIndexName("gene");
    return new AnnData(SparseRows.canonical(x, FormatException::new), obs, var);
  }

  private static Map<String, Integer> positions(String[] names) {
    Map<String, Integer> out = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      out.put(names[i], i);
    }
    return out;
  }
}
