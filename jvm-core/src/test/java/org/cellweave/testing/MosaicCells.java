package org.cellweave.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;

/**
 * Blood cells with RNA (p1), proteins (p2) and both (p3): logarithms of counts scaled to the median
 * of each modality.
 */
public final class MosaicCells {
  private static final String FILE = "data/mosaic/quickstart_p123.h5mu";

  private final CsrMatrix[] counts = new CsrMatrix[2];
  private final CsrMatrix[] x = new CsrMatrix[2];
  private final String[][] features = new String[2][];
  private final String[][] batch = new String[2][];
  private final String[][] type = new String[2][];
  private final String[][] names = new String[2][];

  private static final String[] MODALITIES = {"rna", "adt"};

  public MosaicCells() {
    try (var file = H5Reference.of(SharedData.require(FILE))) {
      for (int m = 0; m < 2; m++) {
        String of = "mod/" + MODALITIES[m];
        counts[m] = file.csr(of + "/X");
        features[m] = file.strings(of + "/var/_index");
        names[m] = file.strings(of + "/obs/_index");
        batch[m] = labels(file, of + "/obs/batch");
        type[m] = labels(file, of + "/obs/celltype");
        x[m] = logarithms(counts[m].withDType(DType.FLOAT64));
      }
    }
  }

  /** In float64, as the reference was made. */
  private static CsrMatrix logarithms(CsrMatrix counts) {
    var x = counts.toDense();
    double[] totals = new double[x.nRows()];
    double[] row = new double[x.nCols()];
    for (int i = 0; i < totals.length; i++) {
      x.readRow(i, row);
      totals[i] = Arrays.stream(row).sum();
    }
    double[] sorted = Arrays.stream(totals).sorted().toArray();
    double median = (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    for (int i = 0; i < totals.length; i++) {
      x.readRow(i, row);
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.log1p(row[j] * median / totals[i]);
      }
      x.setRow(i, row);
    }
    return x.toCsr();
  }

  private static String[] labels(H5Reference file, String path) {
    String[] levels = file.categories(path);
    return Arrays.stream(file.codes(path)).mapToObj(c -> levels[c]).toArray(String[]::new);
  }

  public int[] rows(int modality, String of) {
    return IntStream.range(0, batch[modality].length)
        .filter(i -> batch[modality][i].equals(of))
        .toArray();
  }

  /** The three sets, with the first features of each modality. */
  public IntegrationInput sets(int nGenes, int nProteins) {
    return sets(x, nGenes, nProteins);
  }

  /** Counts of the three sets. */
  public IntegrationInput counts() {
    return sets(counts, features[0].length, features[1].length);
  }

  private IntegrationInput sets(CsrMatrix[] of, int nGenes, int nProteins) {
    int[] rna = concat(rows(0, "p1_0"), rows(0, "p3_0"));
    int[] adt = concat(rows(1, "p2_0"), rows(1, "p3_0"));
    var genes =
        new FeatureBlock(
            "rna",
            of[0].takeRows(rna).takeCols(IntStream.range(0, nGenes).toArray()),
            Arrays.copyOf(features[0], nGenes),
            concat(range(0, 400), range(800, 1200)));
    var proteins =
        new FeatureBlock(
            "adt",
            of[1].takeRows(adt).takeCols(IntStream.range(0, nProteins).toArray()),
            Arrays.copyOf(features[1], nProteins),
            range(400, 1200));
    int[] codes = IntStream.range(0, 1200).map(i -> i / 400).toArray();
    var sets = new Categories("batch", codes, new String[] {"p1", "p2", "p3"});
    return new IntegrationInput(List.of(genes, proteins), List.of(sets), List.of());
  }

  /** Names of the cells of {@link #sets}, in their order. */
  public String[] names() {
    String[] out = new String[1200];
    for (int k = 0; k < 400; k++) {
      out[k] = names[0][rows(0, "p1_0")[k]];
      out[400 + k] = names[1][rows(1, "p2_0")[k]];
      out[800 + k] = names[0][rows(0, "p3_0")[k]];
    }
    return out;
  }

  /** Types of the cells of {@link #sets}, in their order. */
  public Categories types() {
    String[] of = new String[1200];
    for (int k = 0; k < 400; k++) {
      of[k] = type[0][rows(0, "p1_0")[k]];
      of[400 + k] = type[1][rows(1, "p2_0")[k]];
      of[800 + k] = type[0][rows(0, "p3_0")[k]];
    }
    String[] levels = Arrays.stream(of).distinct().sorted().toArray(String[]::new);
    int[] codes = Arrays.stream(of).mapToInt(t -> List.of(levels).indexOf(t)).toArray();
    return new Categories("celltype", codes, levels);
  }

  public Matrix pairedGenes() {
    return x[0].takeRows(rows(0, "p3_0"));
  }

  public Matrix pairedProteins() {
    return x[1].takeRows(rows(1, "p3_0"));
  }

  public String[] geneNames() {
    return features[0];
  }

  public String[] proteinNames() {
    return features[1];
  }

  /** The paired cells: half as they are, then the RNA and the proteins of the others. */
  public IntegrationInput bridge() {
    int[] rna = rows(0, "p3_0");
    int[] adt = rows(1, "p3_0");
    var genes = new FeatureBlock("rna", x[0].takeRows(rna), features[0], range(0, 400));
    int[] proteinCells = concat(range(0, 200), range(400, 600));
    var proteins = new FeatureBlock("adt", x[1].takeRows(adt), features[1], proteinCells);
    int[] codes = IntStream.range(0, 600).map(i -> i / 200).toArray();
    var sets = new Categories("batch", codes, new String[] {"both", "rna", "adt"});
    return new IntegrationInput(List.of(genes, proteins), List.of(sets), List.of());
  }

  /** Of the paired cells. */
  public Categories pairedTypes() {
    return types(rows(0, "p3_0"));
  }

  /** Of the second half of the paired cells. */
  public Categories bridgeTypes() {
    return types(Arrays.copyOfRange(rows(0, "p3_0"), 200, 400));
  }

  private Categories types(int[] rows) {
    String[] levels = Arrays.stream(type[0]).distinct().sorted().toArray(String[]::new);
    int[] codes = Arrays.stream(rows).map(i -> List.of(levels).indexOf(type[0][i])).toArray();
    return new Categories("celltype", codes, levels);
  }

  public static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static int[] concat(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }

  /** Columns of genes and of their proteins that a table of names links. */
  public List<int[]> links() {
    List<String> genes = List.of(features[0]);
    List<String> proteins = List.of(features[1]);
    List<int[]> out = new ArrayList<>();
    for (String line : lines("data/mosaic/adt_gene_links.csv")) {
      String[] pair = line.split(",");
      int gene = genes.indexOf(pair[1]);
      int protein = proteins.indexOf(pair[0]);
      if (gene >= 0 && protein >= 0) {
        out.add(new int[] {gene, protein});
      }
    }
    return out;
  }

  private static List<String> lines(String path) {
    try {
      return Files.readAllLines(SharedData.require(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
