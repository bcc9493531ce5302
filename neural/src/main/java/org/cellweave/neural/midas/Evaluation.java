package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.fused.Steps;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.util.Parallel;

/** Takes cells through a trained network: no dropout, nothing drawn, nothing changed. */
final class Evaluation {
  private static final int CELLS = 512;

  private Evaluation() {}

  /** Receives some cells of one part. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param rows of the input
     * @param distribution of their places: means, then logarithms of variances
     */
    void see(Pass pass, int[] rows, Node distribution);
  }

  private static boolean has(MosaicCells.Part part, int[] modalities) {
    return Arrays.stream(modalities).allMatch(part::has);
  }

  /** Ascending rows of the input that have all of these modalities. */
  static int[] cells(MosaicCells cells, int[] modalities) {
    return cells.parts().stream()
        .filter(part -> has(part, modalities))
        .flatMapToInt(part -> Arrays.stream(part.cells()))
        .sorted()
        .toArray();
  }

  /**
   * @param modalities that tell the places of the cells that have all of them; empty for all that
   *     each cell has
   */
  static void run(Network network, MosaicCells cells, int[] modalities, Visitor visitor) {
    // the optimiser is not asked
    try (Steps steps = new Steps(Optimizer.DEFAULTS)) {
      for (MosaicCells.Part part : cells.parts()) {
        int n = has(part, modalities) ? part.cells().length : 0;
        for (int from = 0; from < n; from += CELLS) {
          Parallel.checkInterrupted();
          int[] members = IntStream.range(from, Math.min(n, from + CELLS)).toArray();
          Counts[][] counts = cells.counts(part, members);
          for (int m = 0; m < counts.length; m++) {
            int modality = m;
            if (modalities.length > 0 && Arrays.stream(modalities).noneMatch(k -> k == modality)) {
              counts[m] = null;
            }
          }
          int[] rows = Arrays.stream(members).map(i -> part.cells()[i]).toArray();
          steps.evaluate(
              Noise.of(0, 0),
              tape -> {
                Pass pass = new Pass(tape, new Draws(0, 0), 0);
                visitor.see(pass, rows, joint(network, pass, counts, rows.length, part.batch()));
              });
        }
      }
    }
  }

  private static Node joint(Network network, Pass pass, Counts[][] counts, int n, String batch) {
    List<Node> experts = new ArrayList<>();
    for (int m = 0; m < counts.length; m++) {
      if (counts[m] != null) {
        experts.add(network.encoded(pass, m, counts[m]));
      }
    }
    experts.add(network.ofBatch(pass, n, batch));
    return pass.product(experts);
  }
}
