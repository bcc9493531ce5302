package org.cellweave.io.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisIndex;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.StringColumn;
import org.cellweave.io.file.HeapLimit;
import org.cellweave.io.file.InputFile;
import org.cellweave.io.hdf5.Hdf5;
import org.cellweave.io.store.ArrayValues;
import org.cellweave.io.store.SparseReader;
import org.cellweave.io.store.StoreArray;
import org.cellweave.io.store.StoreGroup;
import org.cellweave.io.store.StoreNode;
import org.cellweave.io.store.StoreReader;
import org.cellweave.io.text.QuotedField;
import org.cellweave.io.text.TextBytes;
import org.cellweave.matrix.CscMatrix;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.util.Check;
import org.cellweave.util.FormatException;
import org.cellweave.util.ShapeMismatchException;

/**
 * Reads what Cell Ranger writes: matrix folders of version 2 ({@code genes.tsv}) and 3 ({@code
 * features.tsv.gz}), compressed or not, and HDF5 files of both.
 *
 * <p>Cells are rows, X is float32 unless that would round the counts. var holds the columns that
 * scanpy's readers give: {@code gene_ids} (or {@code gene_symbols}), {@code feature_types}, {@code
 * genome} where known.
 */
public final class TenX {
  private static final String GENE_EXPRESSION = "Gene Expression";

  private TenX() {}

  /** Which of the two names becomes the name of a gene. */
  public enum VarNames {
    GENE_SYMBOLS,
    GENE_IDS
  }

  /**
   * @param varNames what genes are called
   * @param makeUnique add {@code -1}, {@code -2}, ... to symbols that occur again
   * @param gexOnly keep only features of type Gene Expression
   * @param prefix of the three file names, such as {@code "GSM1_"}, or ""
   */
  public record MtxOptions(VarNames varNames, boolean makeUnique, boolean gexOnly, String prefix) {
    public static final MtxOptions DEFAULTS = new MtxOptions(VarNames.GENE_SYMBOLS, true, true, "");

    public MtxOptions withVarNames(VarNames value) {
      return new MtxOptions(value, makeUnique, gexOnly, prefix);
    }

    public MtxOptions withMakeUnique(boolean value) {
      return new MtxOptions(varNames, value, gexOnly, prefix);
    }

    public MtxOptions withGexOnly(boolean value) {
      return new MtxOptions(varNames, makeUnique, value, prefix);
    }

    public MtxOptions withPrefix(String value) {
      return new MtxOptions(varNames, makeUnique, gexOnly, value);
    }
  }

  public static AnnData readMtx(Path folder) {
    return readMtx(folder, MtxOptions.DEFAULTS);
  }

  /**
   * Reads a folder with a matrix, its features and its barcodes.
   *
   * @throws FormatException names the file that is missing or does not fit the others
   */
  public static AnnData readMtx(Path folder, MtxOptions options) {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(
          folder
              + (Files.exists(folder)
                  ? " is a file, expected a 10x folder; for a single .mtx use readMtx, for .h5 read10xH5"
                  : " does not exist, expected a 10x folder." + InputFile.suggestion(folder)));
    }
    Path genes = find(folder, options.prefix(), "features.tsv", "genes.tsv");
    Path barcodes = find(folder, options.prefix(), "barcodes.tsv");
    Path matrix = find(folder, options.prefix(), "matrix.mtx");
    String[][] features = columns(genes, 3);
    String[] cells = columns(barcodes, 1)[0];
    CsrMatrix x =
        MatrixMarket.read(
            matrix,
            true,
            (nRows, nCols) -> {
              sameSize(matrix, nRows, "rows", genes, features[0].length);
              sameSize(matrix, nCols, "columns", barcodes, cells.length);
            });
    return mtxData(x, features, cells, options, genes);
  }

  private static void sameSize(Path matrix, int n, String axis, Path table, int lines) {
    if (n != lines) {
      throw new FormatException(
          matrix
              + " has "
              + n
              + " "
              + axis
              + ", but "
              + table.getFileName()
              + " lists "
              + lines
              + "; the files are not from the same run or one is truncated");
    }
  }

  /** The first of the names that is there, compressed or not. */
  private static Path find(Path folder, String prefix, String... names) {
    for (String name : names) {
      for (String suffix : new String[] {".gz", ""}) {
        Path path = folder.resolve(prefix + name + suffix);
        if (Files.exists(path)) {
          return path;
        }
      }
    }
    List<String> there = InputFile.neighbours(folder);
    String hint =
        there.stream()
            .filter(f -> f.endsWith(names[0]) || f.endsWith(names[0] + ".gz"))
            .findFirst()
            .map(f -> " '" + f + "' is there: give its prefix.")
            .orElse("");
    throw new FormatException(
        folder.resolve(prefix + names[0] + ".gz")
            + " is missing"
            + (names.length > 1 ? " (as is " + prefix + names[1] + ")" : "")
            + "; a 10x folder holds matrix.mtx, barcodes.tsv and features.tsv or genes.tsv, each"
            + " with or without .gz, but this one holds "
            + there.subList(0, Math.min(8, there.size()))
            + "."
            + hint);
  }

  /** Up to {@code most} columns of a table separated by tabs; absent ones are null. */
  private static String[][] columns(Path path, int most) {
    List<String[]> lines = HeapLimit.reading(path, () -> lines(path));
    String[][] out = new String[most][];
    int width = lines.isEmpty() ? 1 : lines.get(0).length;
    for (int c = 0; c < most && c < width; c++) {
      int column = c;
      out[c] = lines.stream().map(l -> l[column]).toArray(String[]::new);
    }
    return out;
  }

  /** All lines must have as many fields as the first. */
  private static List<String[]> lines(Path path) {
    List<String[]> lines = new ArrayList<>();
    try (TextBytes in = TextBytes.open(path, "a table separated by tabs")) {
      long at = in.line();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isEmpty()) {
          String[] fields = line.split("\t", -1);
          int expected = lines.isEmpty() ? fields.length : lines.get(0).length;
          // More than in the first line are tabs inside of names, or a line that is none.
          if (fields.length != expected) {
            throw in.bad(
                at,
                "there are "
                    + fields.length
                    + " columns, expected "
                    + expected
                    + " as in the first line");
          }
          // Cell Ranger writes no quotation marks, but R puts them around every text.
          Arrays.setAll(fields, f -> QuotedField.unquoted(fields[f]));
          lines.add(fields);
        }
        at = in.line();
      }
    }
    return lines;
  }

  private static AnnData mtxData(
      CsrMatrix x, String[][] features, String[] cells, MtxOptions options, Path genes) {
    if (features[1] == null) {
      throw new FormatException(
          genes + " has one column, expected gene id and symbol separated by a tab");
    }
    boolean symbols = options.varNames() == VarNames.GENE_SYMBOLS;
    String[] names = symbols ? features[1] : features[0];
    DataFrame var =
        DataFrame.ofNames(symbols && options.makeUnique() ? unique(names) : names.clone());
    var.set(
        symbols ? "gene_ids" : "gene_symbols",
        StringColumn.of(symbols ? features[0] : features[1]));
    boolean version3 = !String.valueOf(genes.getFileName()).contains("genes.tsv");
    if (version3 && features[2] != null) {
      var.set("feature_types", StringColumn.of(features[2]));
    }
    var out = new AnnData(x, DataFrame.ofNames(cells), var);
    return options.gexOnly() ? geneExpression(out) : out;
  }

  /** Later occurrences get -1, -2, ..., skipping names that exist. */
  private static String[] unique(String[] names) {
    Set<String> taken = new HashSet<>(Arrays.asList(names));
    Set<String> seen = new HashSet<>();
    Map<String, Integer> next = new LinkedHashMap<>();
    String[] out = names.clone();
    for (int i = 0; i < out.length; i++) {
      if (seen.add(names[i])) {
        continue;
      }
      int n = next.getOrDefault(names[i], 1);
      while (!taken.add(names[i] + "-" + n)) {
        n++;
      }
      out[i] = names[i] + "-" + n;
      next.put(names[i], n + 1);
    }
    return out;
  }

  private static AnnData geneExpression(AnnData data) {
    if (!(data.getVar().find("feature_types") instanceof StringColumn types)) {
      return data;
    }
    boolean[] keep = new boolean[types.size()];
    boolean all = true;
    for (int j = 0; j < keep.length; j++) {
      keep[j] = GENE_EXPRESSION.equals(types.get(j));
      all &= keep[j];
    }
    return all ? data : data.select(AxisIndex.ALL, AxisIndex.mask(keep)).copy();
  }

  // -------------------------------------------------------------------------------- HDF5

  public static AnnData readH5(Path path) {
    return readH5(path, null, true, warning -> {});
  }

  /**
   * Reads {@code filtered_feature_bc_matrix.h5} and its like.
   *
   * @param genome keep one genome; null for all, which a file of version 2 must have only one of
   * @param gexOnly keep only features of type Gene Expression
   * @param warnings receives a sentence for each column of the features that had to be left out
   */
  public static AnnData readH5(
      Path path, String genome, boolean gexOnly, Consumer<String> warnings) {
    try (StoreReader source = Hdf5.open(path, "a 10x HDF5 file")) {
      StoreNode matrix = source.child(source.root(), "matrix", "matrix");
      AnnData out =
          matrix != null
              ? version3(source, source.group(matrix, "matrix"), genome, warnings)
              : version2(source, genome);
      return gexOnly ? geneExpression(out) : out;
    } catch (ShapeMismatchException e) {
      throw StoreReader.misfit(path, e);
    }
  }

  private static AnnData version3(
      StoreReader source, StoreGroup matrix, String genome, Consumer<String> warnings) {
    StoreGroup features =
        source.group(source.child(matrix, "features", "matrix/features"), "matrix/features");
    String at = "matrix/features/";
    DataFrame var = DataFrame.ofNames(texts(source, features, "name", at));
    var.set("gene_ids", StringColumn.of(texts(source, features, "id", at)));
    var.set("feature_types", StringColumn.of(texts(source, features, "feature_type", at)));
    for (String extra : source.children(features, "matrix/features").keySet()) {
      boolean known = Set.of("name", "id", "feature_type", "_all_tag_keys").contains(extra);
      StoreNode member = known ? null : source.child(features, extra, at + extra);
      // Files of targeted and probe panels have groups beside the columns.
      StoreArray array =
          member != null && member.isArray() ? source.array(member, at + extra) : null;
      boolean readable = array != null && (array.type().isText() || array.type().isNumeric());
      if (readable && array.rank() == 1 && array.size() == var.nRows()) {
        Column values = ArrayValues.column(array);
        // A genome is a name, also where it is spelled as a number.
        boolean name = extra.equals("genome");
        ArrayValues.setColumn(
            source, var, at + extra, extra, name ? StringColumn.of(values.texts()) : values);
      } else if (array != null) {
        warnings.accept(
            source.path()
                + ": '"
                + at
                + extra
                + "' is left out: it is no text or number for each of the "
                + var.nRows()
                + " features");
      }
    }
    AnnData out = data(source, matrix, "matrix", var);
    return genome == null ? out : oneGenome(source, out, genome);
  }

  private static AnnData oneGenome(StoreReader source, AnnData data, String genome) {
    if (!(data.getVar().find("genome") instanceof StringColumn genomes)) {
      throw source.bad("matrix/features", "does not say which genome a gene is of");
    }
    List<String> known = Arrays.stream(genomes.values()).distinct().sorted().toList();
    requireGenome(source, genome, known);
    boolean[] keep = new boolean[genomes.size()];
    for (int j = 0; j < keep.length; j++) {
      keep[j] = genome.equals(genomes.get(j));
    }
    return data.select(AxisIndex.ALL, AxisIndex.mask(keep)).copy();
  }

  private static void requireGenome(StoreReader source, String genome, List<String> known) {
    if (!known.contains(genome)) {
      throw source.bad(
          "",
          "has no genome '" + genome + "', but " + known + "." + Check.suggestion(genome, known));
    }
  }

  private static AnnData version2(StoreReader source, String genome) {
    List<String> genomes = new ArrayList<>();
    source
        .children(source.root(), "")
        .forEach(
            (name, node) -> {
              if (node instanceof StoreGroup g && source.child(g, "barcodes", name) != null) {
                genomes.add(name);
              }
            });
    if (genomes.isEmpty()) {
      throw source.bad(
          "",
          "holds "
              + source.children(source.root(), "").keySet()
              + ", expected a group 'matrix' or one per genome; it is not 10x HDF5");
    }
    if (genome == null && genomes.size() > 1) {
      throw source.bad("", "holds several genomes, " + genomes + "; choose one with genome");
    }
    if (genome != null) {
      requireGenome(source, genome, genomes);
    }
    String name = genome == null ? genomes.get(0) : genome;
    StoreGroup group = source.group(source.child(source.root(), name, name), name);
    DataFrame var = DataFrame.ofNames(texts(source, group, "gene_names", name + "/"));
    var.set("gene_ids", StringColumn.of(texts(source, group, "genes", name + "/")));
    return data(source, group, name, var);
  }

  private static String[] texts(StoreReader source, StoreGroup group, String name, String at) {
    return source.array(source.child(group, name, at + name), at + name).texts();
  }

  /** The group is compressed by cells, with genes as rows. */
  private static AnnData data(StoreReader source, StoreGroup group, String key, DataFrame var) {
    long[] shape =
        source.array(source.child(group, "shape", key + "/shape"), key + "/shape").longs();
    String[] cells = texts(source, group, "barcodes", key + "/");
    var genesByCells = (CscMatrix) new SparseReader(source, group, key, true, shape).read();
    CsrMatrix counts = genesByCells.columns();
    // Counts that float32 would round keep the file's type.
    CsrMatrix x = counts.isFloat32Stored() ? counts.withDType(DType.FLOAT32) : counts;
    if (x.nRows() != cells.length || x.nCols() != var.nRows()) {
      throw source.bad(
          key,
          "is "
              + x.nCols()
              + " genes x "
              + x.nRows()
              + " cells, but lists "
              + var.nRows()
              + " genes and "
              + cells.length
              + " barcodes; the file is damaged");
    }
    return new AnnData(x, DataFrame.ofNames(cells), var);
  }
}
