package org.cellweave.neural.midas;

import java.util.List;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.fused.Steps;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.train.History;
import org.cellweave.neural.train.Optimizer;

/** A trained model, to be asked about cells. */
public final class TrainedMidas {
  private final Network network;
  private final Midas.Params params;
  private final History history;

  public record Places(DenseMatrix c, DenseMatrix u) {}

  TrainedMidas(Network network, Midas.Params params, History history) {
    this.network = network;
    this.params = params;
    this.history = history;
  }

  public Places latent(IntegrationInput input, List<String> modalities) {
    MosaicCells cells = new MosaicCells(input, network.shape().modalities());
    int c = network.dimC();
    int z = network.dimZ();
    float[] first = new float[cells.nCells() * c];
    float[] second = new float[cells.nCells() * (z - c)];
    try (Steps steps = new Steps(new Optimizer(0.9, 0.999, 1e-8, 0, true))) {
      for (var part : cells.parts()) {
        for (int from = 0; from < part.cells().length; from += 512) {
          int[] members = java.util.stream.IntStream.range(from, Math.min(part.cells().length, from + 512)).toArray();
          var counts = cells.counts(part, members);
          steps.evaluate(
              Noise.of(0, 0),
              tape -> {
                Pass pass = new Pass(tape, new Draws(0, 0), 0);
                var experts = new java.util.ArrayList<org.cellweave.neural.nn.Node>();
                for (int m = 0; m < counts.length; m++) {
                  String name = network.shape().modalities().get(m).name();
                  if (counts[m] != null && (modalities.isEmpty() || modalities.contains(name))) {
                    experts.add(network.encoded(pass, m, counts[m]));
                  }
                }
                experts.add(network.ofBatch(pass, members.length, part.batch()));
                float[] q = tape.read(pass.product(experts));
                for (int i = 0; i < members.length; i++) {
                  int cell = part.cells()[members[i]];
                  System.arraycopy(q, i * 2 * z, first, cell * c, c);
                  System.arraycopy(q, i * 2 * z + c, second, cell * (z - c), z - c);
                }
              });
        }
      }
    }
    return new Places(
        DenseMatrix.wrap(first, cells.nCells(), c), DenseMatrix.wrap(second, cells.nCells(), z - c));
  }
}
