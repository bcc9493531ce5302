package org.cellweave.neural.model;

import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.train.Training;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;

/** Small cells of two batches and three types, for the tests of this room. */
final class Example {
  static final int GENES = 40;

  private Example() {}

  /** Counts whose first genes tell the type apart. */
  static CsrMatrix counts(int n, long seed) {
    var random = new SplittableRandom(seed);
    var x = Seeds.counts(n, GENES, 0.4, seed).toDense();
    for (int i = 0; i < n; i++) {
      for (int g = 0; g < 5; g++) {
        x.set(i, 5 * (i % 3) + g, 10 + random.nextInt(10));
      }
    }
    return x.toCsr();
  }

  static String[] genes() {
    String[] names = new String[GENES];
    java.util.Arrays.setAll(names, g -> "G" + g);
    return names;
  }

  static Categories batch(int n) {
    return cycle("obs['lane']", n, "x", "y");
  }

  static Categories types(int n) {
    return cycle("obs['type']", n, "b cell", "t cell", "none");
  }

  /** Levels one after another, over and over. */
  static Categories cycle(String name, int n, String... levels) {
    int[] codes = new int[n];
    for (int i = 0; i < n; i++) {
      codes[i] = i % levels.length;
    }
    return new Categories(name, codes, levels);
  }

  static CellData cells(int n) {
    return cells(n, batch(n));
  }

  static CellData cells(int n, Categories batch) {
    return new CellData(
        new MatrixRows(counts(n, 1), genes()),
        new Covariates("X", batch, types(n), List.of(), List.of(), null));
  }

  /** The cells of these positions, alone. */
  static CellData some(int n, int... which) {
    var covariates =
        new Covariates(
            "X", batch(n).subset(which), types(n).subset(which), List.of(), List.of(), null);
    return new CellData(new MatrixRows(counts(n, 1).takeRows(which), genes()), covariates);
  }

  static Scvi.Params.Builder small() {
    return Scvi.Params.builder().nHidden(16).nLatent(3).seed(1);
  }

  static Training training(int epochs) {
    return Training.builder().maxEpochs(epochs).batchSize(32).learningRate(0.01).seed(1).build();
  }

  static <M extends CountModel> M trained(M model, CellData cells, int epochs) {
    model.train(cells, training(epochs), FusedBackend.FACTORY, Progress.NONE);
    return model;
  }

  static Scvi scvi(CellData cells, Scvi.Params params) {
    return trained(Scvi.of(cells, params), cells, 5);
  }

  static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }
}
