package org.cellweave.integrate.factor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.linalg.NonNegativeLeastSquares;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.GroupSums;
import org.cellweave.matrix.Matrix;
import org.cellweave.matrix.Rows;
import org.cellweave.preprocess.ValueFacts;
import org.cellweave.random.Shuffle;
import org.cellweave.random.Streams;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedValueException;

/** The state of {@link OnlineInmf}: weights, sums over the cells, and the mixtures so far. */
final class OnlineModel {
  /** Neighbouring cells of a set that are read together. */
  static final int CHUNK = 64;

  private final OnlineInmf.Input input;
  private final OnlineInmf.Params params;
  private final Progress progress;
  private final int k;
  private final int nFeatures;
  private final double[] w;

  /** All that were or are learnt from, old ones first. */
  private final List<FactorSet> known = new ArrayList<>();

  private final List<Cells> sets = new ArrayList<>();
  private final double[] h;
  private double projected = Double.NaN;

  /** The cells of one set of the input. */
  private final class Cells {
    private final String name;
    private final int[] rows;
    private final double[] scale;
    private final double squares;

    /** Its place among the known; -1 in a projection. */
    private int place = -1;

    private boolean learns;
    private int[] chunks;

    Cells(String name, int[] rows) {
      this.name = name;
      this.rows = rows;
      double[] sums = new double[nFeatures];
      forBlocks(
          rows,
          block -> {
            Matrix x = input.cells().rows(block);
            ValueFacts facts = ValueFacts.of(x);
            requireGood(facts, block);
            double[] part = GroupSums.whole(Rows.of(x)).collect(GroupSums.PLAIN)[0].squares();
            for (int j = 0; j < nFeatures; j++) {
              sums[j] += part[j];
            }
          });
      this.scale = new double[nFeatures];
      double sum = 0;
      for (int j = 0; j < nFeatures; j++) {
        scale[j] = params.scale() ? ScaledPart.factor(sums[j], rows.length) : 1;
        sum += sums[j] * scale[j] * scale[j];
      }
      this.squares = sum;
    }

    private void requireGood(ValueFacts facts, int[] block) {
      var bad = facts.notFinite();
      if (bad != null) {
        throw Finite.refusal("X", block[bad.row()], bad.col(), bad.value(), OnlineInmf.NAME);
      }
      var below = facts.negative();
      if (below != null) {
        int row = block[below.row()];
        throw new RefusedValueException(
            ScaledPart.negative(below.value(), RefusedValueException.place(row, below.col())),
            row,
            below.col(),
            below.value());
      }
    }

    ScaledPart read(int[] some) {
      return ScaledPart.some(input.cells().rows(some), scale);
    }

    int nChunks() {
      return Parallel.nBlocks(rows.length, CHUNK);
    }

    /** The cells of minibatch {@code m} of so many, ascending. */
    int[] minibatch(int m, int minibatches) {
      int from = (int) ((long) chunks.length * m / minibatches);
      int to = (int) ((long) chunks.length * (m + 1) / minibatches);
      int[] some = Arrays.copyOfRange(chunks, from, to);
      Arrays.sort(some);
      return Arrays.stream(some)
          .flatMap(c -> IntStream.range(c * CHUNK, Math.min(rows.length, (c + 1) * CHUNK)))
          .map(i -> rows[i])
          .toArray();
    }
  }

  private interface BlockOfCells {
    void take(int[] cells);
  }

  OnlineModel(OnlineInmf.Input input, OnlineInmf.Params params, Progress progress) {
    this.input = input;
    this.params = params;
    this.progress = progress;
    this.k = params.k();
    this.nFeatures = input.features().length;
    Categories of = input.sets();
    this.h = new double[Math.multiplyExact(of.nCells(), k)];
    int[][] members = of.members();
    for (int s = 0; s < members.length; s++) {
      sets.add(new Cells(of.level(s), members[s]));
    }
    var base = input.base();
    this.w = base == null ? new double[nFeatures * k] : base.w().clone();
    if (base != null) {
      base.sets().forEach(set -> known.add(copy(set)));
    }
    if (!params.project()) {
      start(base == null, Streams.of(params.seed(), 0));
    }
  }

  private static FactorSet copy(FactorSet set) {
    double[][] hh = Arrays.stream(set.hh()).map(double[]::clone).toArray(double[][]::new);
    return new FactorSet(
        set.name(), set.nCells(), set.v().clone(), hh, set.xh().clone(), set.squares());
  }

  /** New sets start from cells drawn at random, shared weights from random numbers. */
  private void start(boolean afresh, SplittableRandom random) {
    for (int c = 0; afresh && c < w.length; c++) {
      w[c] = random.nextDouble() * 2;
    }
    for (Cells set : sets) {
      for (int s = 0; s < known.size() && set.place < 0; s++) {
        set.place = known.get(s).name().equals(set.name) ? s : -1;
      }
      if (set.place < 0) {
        int[] drawn = Shuffle.sample(set.rows.length, k, random);
        int[] sorted = Arrays.stream(drawn).sorted().map(i -> set.rows[i]).toArray();
        double[] v = new double[nFeatures * k];
        int[] first = IntStream.range(0, k).toArray();
        FactorModel.startFrom(set.read(sorted), first, k, v, new double[0]);
        set.learns = true;
        set.place = known.size();
        known.add(
            new FactorSet(
                set.name,
                set.rows.length,
                v,
                new double[k][k],
                new double[nFeatures * k],
                set.squares));
      }
    }
  }

  private void forBlocks(int[] cells, BlockOfCells body) {
    for (int from = 0; from < cells.length; from += params.minibatchSize()) {
      Parallel.checkInterrupted();
      int to = (int) Math.min(cells.length, (long) from + params.minibatchSize());
      body.take(Arrays.copyOfRange(cells, from, to));
    }
  }

  /** All epochs; the objective after each. */
  double[] learn() {
    List<Cells> learning = sets.stream().filter(set -> set.learns).toList();
    int cells = learning.stream().mapToInt(set -> set.rows.length).sum();
    int minibatches = Parallel.nBlocks(cells, params.minibatchSize());
    double[] objective = new double[params.nEpochs()];
    for (int epoch = 0; epoch < params.nEpochs(); epoch++) {
      var random = Streams.of(params.seed(), epoch + 1);
      for (Cells set : learning) {
        set.chunks = Shuffle.order(set.nChunks(), random);
      }
      for (int m = 0; m < minibatches; m++) {
        Parallel.checkInterrupted();
        for (Cells set : learning) {
          learnFrom(set, set.minibatch(m, minibatches));
        }
        for (int round = 0; round < params.nHals(); round++) {
          new HalsSweep(known, params.lambda()).run(w);
        }
        objective[epoch] = m + 1 < minibatches ? Double.NaN : objective();
        progress.step(
            OnlineInmf.NAME,
            epoch * minibatches + m + 1,
            params.nEpochs() * minibatches,
            objective[epoch]);
      }
    }
    return objective;
  }

  /** New mixtures of some cells, in whose sums they take the place of the old ones. */
  private void learnFrom(Cells set, int[] cells) {
    if (cells.length == 0) {
      return;
    }
    ScaledPart x = set.read(cells);
    double[] old = FactorAlgebra.rows(h, cells, k);
    double[] now = old.clone();
    FactorSet to = known.get(set.place);
    solve(x, FactorAlgebra.sum(w, to.v()), to.v(), now);
    FactorAlgebra.addTimes(1, FactorAlgebra.inner(now, now, k), to.hh());
    FactorAlgebra.addTimes(-1, FactorAlgebra.inner(old, old, k), to.hh());
    FactorAlgebra.putRows(now, cells, k, h);
    for (int c = 0; c < old.length; c++) {
      old[c] = now[c] - old[c];
    }
    add(x.transposedTimes(old, k), to.xh());
  }

  private static void add(double[] what, double[] sum) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += what[c];
    }
  }

  /**
   * @param v penalised besides; null for none
   * @param out the mixtures before, from which the search starts, and then the best ones
   */
  private void solve(ScaledPart x, double[] basis, double[] v, double[] out) {
    double[][] gram = FactorAlgebra.inner(basis, basis, k);
    if (v != null) {
      FactorAlgebra.addTimes(params.lambda(), FactorAlgebra.inner(v, v, k), gram);
    }
    var problems = new NonNegativeLeastSquares(k, x.nCells());
    problems.startFrom(out);
    problems.solve(gram, x.times(basis, k), out);
  }

  /** The mixtures of all cells by the factors as they are now; sums are made anew. */
  double[] mixtures() {
    double residual = 0;
    for (Cells set : sets) {
      FactorSet of = set.place < 0 ? null : known.get(set.place);
      double[] v = of == null ? null : of.v();
      double[] basis = of == null ? w : FactorAlgebra.sum(w, v);
      double[][] hh = new double[k][k];
      double[] xh = new double[nFeatures * k];
      forBlocks(
          set.rows,
          cells -> {
            ScaledPart x = set.read(cells);
            double[] now = FactorAlgebra.rows(h, cells, k);
            solve(x, basis, v, now);
            FactorAlgebra.putRows(now, cells, k, h);
            FactorAlgebra.addTimes(1, FactorAlgebra.inner(now, now, k), hh);
            add(x.transposedTimes(now, k), xh);
          });
      if (set.learns) {
        known.set(set.place, new FactorSet(set.name, set.rows.length, v, hh, xh, set.squares));
      }
      residual += set.squares + FactorAlgebra.misfit(xh, hh, basis);
    }
    projected = residual;
    return h;
  }

  double objective() {
    return params.project()
        ? projected
        : known.stream().mapToDouble(set -> set.misfit(w, params.lambda())).sum();
  }

  double[] w() {
    return w;
  }

  List<FactorSet> known() {
    return List.copyOf(known);
  }
}
