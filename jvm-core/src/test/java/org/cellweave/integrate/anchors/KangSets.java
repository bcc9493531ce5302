package org.cellweave.integrate.anchors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.testing.H5Reference;
import org.cellweave.testing.ReferenceTable;

/**
 * The Kang cells as Seurat 4.3.0 had them: {@code ../shared/reference/r/make_reference_classic.R}.
 *
 * @param logs {@code log(1 + 10^4 count / total)}
 * @param features columns that Seurat chose, in its order
 */
record KangSets(
    CsrMatrix counts,
    CsrMatrix logs,
    String[] genes,
    Categories batch,
    String[] leiden,
    int[] features) {

  static KangSets read() {
    ReferenceTable chosen = table("integration_features");
    try (var file = H5Reference.kang()) {
      String[] genes = file.strings(file.has("var/_index") ? "var/_index" : "var/index");
      Map<String, Integer> place = new HashMap<>();
      for (int j = 0; j < genes.length; j++) {
        place.put(genes[j], j);
      }
      var counts = file.csr("layers/counts");
      var batch =
          new Categories("obs['batch']", file.codes("obs/batch"), file.categories("obs/batch"));
      String[] levels = file.categories("obs/leiden");
      String[] leiden =
          Arrays.stream(file.codes("obs/leiden")).mapToObj(c -> levels[c]).toArray(String[]::new);
      int[] features = Arrays.stream(chosen.texts("feature")).mapToInt(place::get).toArray();
      return new KangSets(counts, logs(counts), genes, batch, leiden, features);
    }
  }

  static ReferenceTable table(String name) {
    return ReferenceTable.read("reference/r/seurat_" + name + ".csv.gz");
  }

  private static CsrMatrix logs(CsrMatrix counts) {
    double[] totals = counts.rowSums();
    var out = new CsrBuilder(counts.nCols(), DType.FLOAT64);
    var reader = Rows.of(counts).reader();
    for (int i = 0; i < counts.nRows(); i++) {
      int n = reader.load(i);
      double[] v = Arrays.copyOf(reader.values(), n);
      int[] at = Arrays.copyOfRange(reader.columns(), reader.start(), reader.start() + n);
      for (int k = 0; k < n; k++) {
        v[k] = Math.log1p(1e4 * v[k] / totals[i]);
      }
      out.addRow(at, v, n);
    }
    return out.build();
  }

  /** Rows of the control cells. */
  int[] control() {
    return batch.members()[0];
  }

  /** Rows of the stimulated cells. */
  int[] stimulated() {
    return batch.members()[1];
  }

  Matrix chosen(int[] rows) {
    return logs.take(rows, features);
  }

  /** Levels in the order in which they appear, as R's program has its classes. */
  Categories controlLabels() {
    String[] labels = Arrays.stream(control()).mapToObj(i -> leiden[i]).toArray(String[]::new);
    List<String> levels = new ArrayList<>(Arrays.stream(labels).distinct().toList());
    int[] codes = Arrays.stream(labels).mapToInt(levels::indexOf).toArray();
    return new Categories("leiden", codes, levels.toArray(String[]::new));
  }

  /** How two sets of scored pairs agree. */
  record Agreement(int ours, int theirs, int shared, double scoresWithin) {
    static Agreement of(int[] first, int[] second, double[] scores, ReferenceTable theirs) {
      double[] one = theirs.numbers("cell1");
      double[] two = theirs.numbers("cell2");
      double[] score = theirs.numbers("score");
      boolean both = Arrays.asList(theirs.lines().get(0)).contains("dataset1");
      double[] set = both ? theirs.numbers("dataset1") : new double[one.length];
      Map<Long, Double> known = new HashMap<>();
      for (int a = 0; a < one.length; a++) {
        if (set[a] <= 1) {
          known.put(key((int) one[a] - 1, (int) two[a] - 1), score[a]);
        }
      }
      int shared = 0;
      int within = 0;
      for (int a = 0; a < first.length; a++) {
        Double other = known.get(key(first[a], second[a]));
        shared += other == null ? 0 : 1;
        within += other != null && Math.abs(other - scores[a]) <= 0.05 ? 1 : 0;
      }
      return new Agreement(first.length, known.size(), shared, within / (double) shared);
    }

    private static long key(int i, int j) {
      return ((long) i << 32) | j;
    }

    double share() {
      return shared / (double) Math.max(ours, theirs);
    }
  }

  /** Of anchors between the two batches, by rows of each. */
  static Agreement agreement(Anchors anchors, KangSets kang, ReferenceTable theirs) {
    var step = MergeStep.between(anchors, 0, new int[] {1}, 0, new int[] {0});
    return Agreement.of(
        within(step.queryEnds(), kang.control()),
        within(step.referenceEnds(), kang.stimulated()),
        step.weights(),
        theirs);
  }

  private static int[] within(int[] rows, int[] members) {
    return IntStream.of(rows).map(i -> Arrays.binarySearch(members, i)).toArray();
  }
}
