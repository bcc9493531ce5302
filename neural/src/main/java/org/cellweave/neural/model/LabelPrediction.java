package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.List;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.module.SemiSupervisedVae;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;

/** Labels of cells by the classifier of a scANVI model. */
public final class LabelPrediction {
  private LabelPrediction() {}

  /**
   * @param usePosteriorMean whether the mean of a cell's place is classified, instead of a draw
   * @param seed of what is drawn
   */
  public record Params(boolean usePosteriorMean, long seed) {
    public static final Params DEFAULTS = new Params(true, 0);
  }

  /**
   * @param classes names of the columns
   * @param probabilities cells by classes, float32
   * @param codes the most probable class of every cell, the first of equal ones
   */
  public record Result(List<String> classes, DenseMatrix probabilities, int[] codes) {
    /** The most probable label of every cell. */
    public String[] labels() {
      return Arrays.stream(codes).mapToObj(classes::get).toArray(String[]::new);
    }
  }

  public static Result run(Scanvi model, CellData cells, Params params) {
    CellData read = model.asked(cells);
    return of(model, read, CountModel.chosen(null, cells.nCells()), params);
  }

  /**
   * @param read cells that the model has read
   * @param which positions of the cells
   */
  static Result of(Scanvi model, CellData read, int[] which, Params params) {
    Places places = Places.of(model, read, which);
    var module = (SemiSupervisedVae) model.module();
    int latent = places.latent();
    int classes = module.classes();
    DenseMatrix out = DenseMatrix.zeros(places.size(), classes, DType.FLOAT32);
    int[] codes = new int[places.size()];
    BlockRunner.forBlocks(
        read,
        places.size(),
        (runner, first, count) -> {
          float[] z = new float[BlockRunner.ROWS * latent];
          place(places, first, count, params, z);
          float[] probabilities =
              runner
                  .run(
                      places.cells(),
                      first,
                      count,
                      Noise.of(0, 0),
                      minibatch -> minibatch.numbers(View.CELLS, "z", z),
                      graph ->
                          List.of(
                              graph.softmax(
                                  module
                                      .classifier()
                                      .logits(graph, graph.numbers(View.CELLS, "z", latent)))))
                  .get(0);
          double[] row = new double[classes];
          for (int i = 0; i < count; i++) {
            for (int c = 0; c < classes; c++) {
              row[c] = probabilities[i * classes + c];
              codes[first + i] = row[c] > row[codes[first + i]] ? c : codes[first + i];
            }
            out.setRow(first + i, row);
          }
        });
    return new Result(model.classes(), out, codes);
  }

  private static void place(Places places, int first, int count, Params params, float[] z) {
    int latent = places.latent();
    if (params.usePosteriorMean()) {
      System.arraycopy(places.mean(), first * latent, z, 0, count * latent);
      return;
    }
    for (int i = 0; i < count; i++) {
      places.draw(first + i, params.seed(), 0, z, i * latent);
      places.finish(z, i * latent);
    }
  }
}
