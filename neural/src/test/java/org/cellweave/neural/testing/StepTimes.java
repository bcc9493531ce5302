package org.cellweave.neural.testing;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.matrix.CsrBuilder;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.model.Accelerators;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.TrainingBackend;

/**
 * Prints what a training step takes: {@code StepTimes [engine] [likelihood] [genes] [batch]
 * [density] [steps]}.
 */
public final class StepTimes {
  private static final int MINIBATCHES = 8;
  private static final int ROUNDS = 6;

  private StepTimes() {}

  public static void main(String[] args) {
    String[] all = {"fused", "NB", "2000", "128", "0.1", "600"};
    System.arraycopy(args, 0, all, 0, args.length);
    String accelerator = all[0].equals("tensorflow-gpu") ? "gpu" : "cpu";
    String engine = all[0].equals("tensorflow-gpu") ? "tensorflow" : all[0];
    print(
        Accelerators.choose(accelerator, engine),
        Likelihood.valueOf(all[1]),
        Integer.parseInt(all[2]),
        Integer.parseInt(all[3]),
        Double.parseDouble(all[4]),
        Integer.parseInt(all[5]));
  }

  /**
   * @param density share of counts that are not zero
   * @return the loss of the last step
   */
  public static double print(
      TrainingBackend.Factory engine,
      Likelihood likelihood,
      int genes,
      int batch,
      double density,
      int steps) {
    Matrix x = counts(MINIBATCHES * batch, genes, density);
    var data = new CellData(new MatrixRows(x), CellData.Covariates.of(null));
    var minibatch = new Minibatch(genes);
    int[] order = new int[data.nCells()];
    Arrays.setAll(order, i -> i);
    double[] rounds = new double[ROUNDS];
    int stepsOfRound = steps / ROUNDS;
    double loss = 0;
    try (var backend = engine.open(new Vae(shape(likelihood, genes), 1), Optimizer.DEFAULTS)) {
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (int s = 0; s < stepsOfRound; s++) {
          int from = s % MINIBATCHES * batch;
          data.feed(order, from, from + batch, View.CELLS, minibatch);
          loss = backend.step(minibatch, new Step(s + 1, 1e-3, 0.1, Noise.of(1, s)))[0];
        }
        rounds[round] = (System.nanoTime() - start) / 1e6 / stepsOfRound;
      }
    }
    System.out.printf(
        "%s %d x %d, %s: %.2f ms a step at best, %.2f at worst, loss %.3f%n",
        likelihood,
        batch,
        genes,
        engine.device(),
        Arrays.stream(rounds).min().orElseThrow(),
        Arrays.stream(rounds).skip(1).max().orElseThrow(),
        loss);
    return loss;
  }

  private static VaeShape shape(Likelihood likelihood, int genes) {
    return new VaeShape(
        genes,
        1,
        0,
        List.of(),
        0,
        128,
        10,
        1,
        0.1,
        Dispersion.GENE,
        likelihood,
        LatentDistribution.NORMAL,
        true,
        false,
        true,
        true,
        false,
        Where.BOTH,
        Where.NONE,
        false,
        false);
  }

  /** Most counts are small, as those of cells are. */
  private static Matrix counts(int cells, int genes, double density) {
    var random = new SplittableRandom(1);
    var builder = new CsrBuilder(genes, DType.FLOAT32);
    int[] at = new int[genes];
    double[] values = new double[genes];
    for (int i = 0; i < cells; i++) {
      int n = 0;
      for (int g = 0; g < genes; g++) {
        if (random.nextDouble() < density) {
          at[n] = g;
          values[n++] = 1 + (int) (-Math.log(1 - random.nextDouble()) * 1.2);
        }
      }
      builder.addRow(at, values, n);
    }
    return builder.build();
  }
}
