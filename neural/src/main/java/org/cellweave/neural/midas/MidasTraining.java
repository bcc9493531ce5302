package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.fused.LayerTape;
import org.cellweave.neural.fused.Steps;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.train.History;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Training: in every round each part gives one minibatch, in random order; parts that are smaller
 * than the largest begin again.
 */
final class MidasTraining {
  private static final int ORDER = 1;
  private static final int SPLIT = 2;

  private final Network network;
  private final MosaicCells cells;
  private final Midas.Params params;
  private final Progress progress;
  private final Objective objective;
  private final Deck[] decks;
  private final int[][] heldOut;
  private final Map<String, List<Double>> series = new LinkedHashMap<>();
  private long steps;
  private boolean stoppedEarly;

  /** Cells of a part in random order, again and again. */
  private static final class Deck {
    private final int[] members;
    private final SplittableRandom random;
    private int at;

    Deck(int[] members, SplittableRandom random) {
      this.members = members;
      this.random = random;
      this.at = members.length;
    }

    int[] draw(int n) {
      int[] out = new int[n];
      for (int k = 0; k < n; k++) {
        if (at == members.length) {
          Shuffle.inPlace(members, random);
          at = 0;
        }
        out[k] = members[at++];
      }
      return out;
    }
  }

  /**
   * @param start an embedding of all cells to begin near; null without
   */
  MidasTraining(
      Network network, MosaicCells cells, Matrix start, Midas.Params params, Progress progress) {
    this.network = network;
    this.cells = cells;
    this.params = params;
    this.progress = progress;
    this.objective = new Objective(network, cells, WarmStart.of(start, cells, params), params);
    int n = cells.parts().size();
    decks = new Deck[n];
    heldOut = new int[n][];
    for (int p = 0; p < n; p++) {
      int size = cells.parts().get(p).cells().length;
      int[] order = Shuffle.order(size, Streams.of(params.seed() + SPLIT, p));
      int held = params.patience() == 0 ? 0 : (int) (params.validationSize() * size);
      heldOut[p] = Arrays.copyOf(order, held);
      decks[p] =
          new Deck(Arrays.copyOfRange(order, held, size), Streams.of(params.seed() + ORDER, p));
    }
    if (params.patience() > 0 && Arrays.stream(heldOut).allMatch(h -> h.length == 0)) {
      throw new IllegalArgumentException(
          "patience needs held-out cells, but validationSize "
              + params.validationSize()
              + " leaves none of parts with "
              + cells.parts().stream().map(p -> p.cells().length).toList()
              + " cells. Raise validationSize, or set patience = 0");
    }
  }

  History history() {
    Map<String, double[]> out = new LinkedHashMap<>();
    series.forEach(
        (name, of) -> out.put(name, of.stream().mapToDouble(Double::doubleValue).toArray()));
    return History.of(out);
  }

  boolean stoppedEarly() {
    return stoppedEarly;
  }

  void run() {
    Optimizer adam = new Optimizer(0.9, 0.999, 1e-8, params.weightDecay(), true);
    double best = Double.POSITIVE_INFINITY;
    int waited = 0;
    try (Steps encoding = new Steps(adam);
        Steps judging = new Steps(adam)) {
      for (int epoch = 0; epoch < params.maxEpochs(); epoch++) {
        Map<String, double[]> sums = new LinkedHashMap<>();
        epoch(epoch, encoding, judging, sums);
        if (params.patience() > 0) {
          add(sums, "validation", validation(encoding));
        }
        tell(epoch, sums);
        double[] watched = sums.get(params.patience() > 0 ? "validation" : "loss");
        double told = watched[0] / watched[1];
        waited = told < best ? 0 : waited + 1;
        best = Math.min(best, told);
        progress.step("midas", epoch + 1, params.maxEpochs(), told);
        if (params.patience() > 0 && waited >= params.patience()) {
          stoppedEarly = epoch + 1 < params.maxEpochs();
          return;
        }
      }
    }
  }

  private void epoch(int epoch, Steps encoding, Steps judging, Map<String, double[]> sums) {
    int largest = 0;
    for (Deck deck : decks) {
      largest = Math.max(largest, deck.members.length);
    }
    int most = Math.min(largest, params.maxCellsPerEpoch());
    int rounds = Parallel.nBlocks(most, params.batchSize());
    SplittableRandom random = Streams.of(params.seed(), epoch);
    for (int r = 0; r < rounds; r++) {
      for (int p : Shuffle.order(decks.length, random)) {
        Parallel.checkInterrupted();
        steps++;
        step(epoch, p, encoding, judging, sums);
      }
    }
  }

  private void step(int epoch, int p, Steps encoding, Steps judging, Map<String, double[]> sums) {
    int[] members = decks[p].draw(params.batchSize());
    Draws draws = new Draws(params.seed(), steps);
    var minibatch = objective.of(cells.parts().get(p), members, draws, epoch);
    Noise noise = Noise.of(params.seed(), steps);
    double[] values =
        encoding.step(
            network.encoding().all(),
            noise,
            params.lr(),
            0,
            tape -> {
              minibatch.encode(tape);
              for (int k = 0; k < params.discriminatorSteps() && minibatch.isPlayed(); k++) {
                judging.step(network.judging().all(), noise, params.lr(), 0, minibatch::judge);
              }
              return minibatch.terms();
            });
    double loss = 0;
    for (int k = 0; k < values.length; k++) {
      var term = minibatch.terms().get(k);
      loss += term.weight() * values[k];
      add(sums, term.name(), values[k]);
    }
    add(sums, "loss", loss);
    if (!Double.isFinite(loss)) {
      throw new ConvergenceException(
          "midas: the objective is no longer a number in epoch "
              + (epoch + 1)
              + ". Use a smaller learning rate (lr, now "
              + params.lr()
              + ")");
    }
  }

  private static void add(Map<String, double[]> sums, String name, double value) {
    double[] of = sums.computeIfAbsent(name, n -> new double[2]);
    of[0] += value;
    of[1]++;
  }

  /** Puts the means of an epoch into the history: NaN for terms that it did not have. */
  private void tell(int epoch, Map<String, double[]> sums) {
    for (String name : sums.keySet()) {
      series.computeIfAbsent(name, n -> new ArrayList<>(Collections.nCopies(epoch, Double.NaN)));
    }
    series.forEach(
        (name, of) -> {
          double[] sum = sums.get(name);
          of.add(sum == null ? Double.NaN : sum[0] / sum[1]);
        });
  }

  /** The objective of held-out cells without the discriminators, the mean over cells. */
  private double validation(Steps encoding) {
    double[] sum = new double[2];
    for (int p = 0; p < heldOut.length; p++) {
      var part = cells.parts().get(p);
      int[] all = heldOut[p];
      for (int from = 0; from < all.length; from += params.batchSize()) {
        int[] members =
            Arrays.copyOfRange(all, from, Math.min(all.length, from + params.batchSize()));
        var minibatch = objective.of(part, members, new Draws(~params.seed(), p), -1);
        encoding.evaluate(
            Noise.of(params.seed(), 0),
            tape -> {
              minibatch.encode(tape);
              sum[0] += members.length * value(tape, minibatch);
              sum[1] += members.length;
            });
      }
    }
    return sum[0] / sum[1];
  }

  private static double value(LayerTape tape, Objective.Minibatch minibatch) {
    double sum = 0;
    for (var term : minibatch.terms()) {
      if (term.weight() > 0) {
        sum += term.weight() * tape.read(term.value())[0];
      }
    }
    return sum;
  }
}
