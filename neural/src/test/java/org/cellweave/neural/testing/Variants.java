package org.cellweave.neural.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Thinning;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.JointEmbeddingVae;
import org.cellweave.neural.module.JointEmbeddingVae.JointWeights;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.module.SemiSupervisedVae;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;
import org.cellweave.neural.nn.View;

/** Small networks of every kind, and cells that each of them can be trained on. */
public final class Variants {
  private static final int CELLS = 40;
  public static final int GENES = 30;

  private Variants() {}

  private static VaeShape shape(
      Likelihood likelihood,
      Dispersion dispersion,
      LatentDistribution latent,
      Where layerNorm,
      boolean observed,
      boolean encode,
      boolean linear,
      boolean sizeFactor) {
    return new VaeShape(
        GENES,
        2,
        3,
        List.of(3),
        2,
        8,
        4,
        2,
        0.2,
        dispersion,
        likelihood,
        latent,
        observed,
        sizeFactor,
        true,
        true,
        encode,
        Where.BOTH,
        layerNorm,
        linear,
        false);
  }

  private static VaeShape plain(Likelihood likelihood, Dispersion dispersion) {
    return shape(
        likelihood, dispersion, LatentDistribution.NORMAL, Where.NONE, true, false, false, false);
  }

  /** New ones, by a name that says what is special. */
  public static Map<String, NeuralModule> modules() {
    Map<String, NeuralModule> modules = new LinkedHashMap<>();
    for (Likelihood l : Likelihood.values()) {
      modules.put(l + " gene", new Vae(plain(l, Dispersion.GENE), 1));
    }
    for (Dispersion d : Dispersion.values()) {
      modules.put("nb " + d, new Vae(plain(Likelihood.NB, d), 2));
      modules.put("zinb " + d, new Vae(plain(Likelihood.ZINB, d), 3));
    }
    modules.put(
        "library",
        new Vae(
            shape(
                Likelihood.NB,
                Dispersion.GENE,
                LatentDistribution.NORMAL,
                Where.BOTH,
                false,
                true,
                false,
                false),
            4));
    modules.put(
        "zinb library",
        new Vae(
            shape(
                Likelihood.ZINB,
                Dispersion.GENE,
                LatentDistribution.NORMAL,
                Where.NONE,
                false,
                true,
                false,
                false),
            4));
    modules.put(
        "ln",
        new Vae(
            shape(
                Likelihood.NB,
                Dispersion.GENE,
                LatentDistribution.LN,
                Where.NONE,
                true,
                true,
                false,
                false),
            5));
    modules.put(
        "linear",
        new Vae(
            shape(
                Likelihood.NB,
                Dispersion.GENE,
                LatentDistribution.NORMAL,
                Where.NONE,
                false,
                true,
                true,
                false),
            6));
    modules.put(
        "size factor",
        new Vae(
            shape(
                Likelihood.ZINB,
                Dispersion.GENE,
                LatentDistribution.NORMAL,
                Where.NONE,
                true,
                false,
                false,
                true),
            7));
    modules.put(
        "joint",
        new JointEmbeddingVae(
            plain(Likelihood.NB, Dispersion.GENE), new JointWeights(20, 0.5, 1, 30, 5), 8));
    modules.put(
        "scanvi",
        new SemiSupervisedVae(
            plain(Likelihood.NB, Dispersion.GENE), new SemiSupervisedVae.Labels(3, false, 50), 9));
    modules.put(
        "scanvi linear",
        new SemiSupervisedVae(
            plain(Likelihood.ZINB, Dispersion.GENE),
            new SemiSupervisedVae.Labels(3, true, 50),
            10));
    return modules;
  }

  /** Forty cells with thinned counts, and 25 of them with labels. */
  public static Minibatch minibatch() {
    return minibatch(6);
  }

  /** As {@link #minibatch()}, other cells for another seed. */
  public static Minibatch minibatch(long seed) {
    var random = new SplittableRandom(seed);
    double[][] x = new double[CELLS][GENES];
    int[] order = new int[CELLS];
    for (int i = 0; i < CELLS; i++) {
      order[i] = i;
      for (int g = 0; g < GENES; g++) {
        x[i][g] = random.nextDouble() < 0.4 ? random.nextInt(g == 3 ? 60 : 5) : 0;
      }
      x[i][0] = 1;
    }
    CellData cells = cells(DenseMatrix.ofRows(x), seed);
    var out = new Minibatch(GENES);
    cells.feed(order, 0, CELLS, View.CELLS, out);
    cells.feed(order, 0, 25, View.LABELLED, out);
    Thinning.thin(out.counts(View.CELLS), 5, 4, out.counts(View.THINNED));
    return out;
  }

  /** Counts with two batches, three labels, a category of three and two numbers, at random. */
  public static CellData cells(Matrix x, long seed) {
    var random = new SplittableRandom(~seed);
    int n = x.nRows();
    int[] batch = new int[n];
    int[] labels = new int[n];
    int[] third = new int[n];
    double[][] numbers = new double[2][n];
    for (int i = 0; i < n; i++) {
      batch[i] = random.nextInt(2);
      labels[i] = random.nextInt(3);
      third[i] = random.nextInt(3);
      numbers[0][i] = random.nextDouble() - 0.5;
      numbers[1][i] = random.nextDouble() - 0.5;
    }
    return new CellData(
        new MatrixRows(x),
        new CellData.Covariates(
            "X",
            new Categories("batch", batch, new String[] {"a", "b"}),
            new Categories("labels", labels, new String[] {"a", "b", "c"}),
            List.of(new Categories("c", third, new String[] {"a", "b", "c"})),
            List.of(numbers[0], numbers[1]),
            null));
  }
}
