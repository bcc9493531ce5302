package org.cellweave.integrate.factor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.linalg.NonNegativeLeastSquares;
import org.cellweave.random.Shuffle;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** The weights of one start of {@link Uinmf}, and how they are improved in turn. */
final class FactorModel {
  private final Uinmf.Params params;
  private final int k;
  private final List<Set> sets = new ArrayList<>();
  private final double[] w;
  private final NonNegativeLeastSquares wProblems;
  private final List<Double> trace = new ArrayList<>();
  private boolean converged;

  /** One data set: what is known of it, and its weights. */
  private static final class Set {
    private final ScaledPart x;
    private final double[] h;
    private final double[] v;
    private final double[] u;
    private final NonNegativeLeastSquares hProblems;
    private final NonNegativeLeastSquares vProblems;
    private final NonNegativeLeastSquares uProblems;

    /** {@code H H'}. */
    private double[][] hh;

    /** Values times H: shared features, then own ones. */
    private double[] xh;

    Set(ScaledPart x, double[] v, double[] u, int k) {
      this.x = x;
      this.v = v;
      this.u = u;
      this.h = new double[Math.multiplyExact(x.nCells(), k)];
      this.hProblems = new NonNegativeLeastSquares(k, x.nCells());
      this.vProblems = new NonNegativeLeastSquares(k, x.nShared());
      this.uProblems = new NonNegativeLeastSquares(k, x.nOwn());
    }
  }

  /**
   * @param w weights of the shared features; changed
   * @param v of every set; changed
   * @param u of every set; changed
   */
  FactorModel(
      List<ScaledPart> values,
      Uinmf.Params params,
      double[] w,
      List<double[]> v,
      List<double[]> u) {
    this.params = params;
    this.k = params.k();
    this.w = w;
    this.wProblems = new NonNegativeLeastSquares(k, w.length / k);
    for (int s = 0; s < values.size(); s++) {
      sets.add(new Set(values.get(s), v.get(s), u.get(s), k));
    }
  }

  /** From cells drawn at random, and random weights. */
  static FactorModel random(List<ScaledPart> values, Uinmf.Params params, SplittableRandom random) {
    int k = params.k();
    double[] w = new double[values.get(0).nShared() * k];
    for (int c = 0; c < w.length; c++) {
      w[c] = random.nextDouble() * 2;
    }
    List<double[]> v = new ArrayList<>();
    List<double[]> u = new ArrayList<>();
    for (ScaledPart x : values) {
      int[] cells = new int[x.nCells()];
      Arrays.setAll(cells, i -> i);
      Shuffle.inPlace(cells, random);
      v.add(new double[x.nShared() * k]);
      u.add(new double[x.nOwn() * k]);
      startFrom(x, cells, k, v.get(v.size() - 1), u.get(u.size() - 1));
    }
    return new FactorModel(values, params, w, v, u);
  }

  /** Factor f has the values of cell {@code cells[f]}. */
  static void startFrom(ScaledPart x, int[] cells, int k, double[] v, double[] u) {
    double[] row = new double[x.nShared() + x.nOwn()];
    for (int f = 0; f < k; f++) {
      x.read(cells[f], row);
      for (int c = 0; c < row.length; c++) {
        if (c < x.nShared()) {
          v[c * k + f] = row[c];
        } else {
          u[(c - x.nShared()) * k + f] = row[c];
        }
      }
    }
  }

  void run(Progress progress, int start) {
    for (int iter = 1; iter <= params.maxIter() && !converged; iter++) {
      Parallel.checkInterrupted();
      iterate();
      double now = objective();
      converged =
          iter > 1 && trace.get(iter - 2) - now <= params.tol() * Math.abs(now) && params.tol() > 0;
      trace.add(now);
      progress.step(
          Uinmf.NAME, start * params.maxIter() + iter, params.nStarts() * params.maxIter(), now);
    }
  }

  private void iterate() {
    for (Set set : sets) {
      improveCells(set);
      set.hh = FactorAlgebra.inner(set.h, set.h, k);
      set.xh = set.x.transposedTimes(set.h, k);
    }
    for (Set set : sets) {
      improveOwnWeights(set);
    }
    improveSharedWeights();
  }

  private void improveCells(Set set) {
    double[] both = FactorAlgebra.sum(w, set.v);
    double[][] gram = FactorAlgebra.inner(both, both, k);
    FactorAlgebra.addTimes(params.lambda(), FactorAlgebra.inner(set.v, set.v, k), gram);
    FactorAlgebra.addTimes(1 + params.lambda(), FactorAlgebra.inner(set.u, set.u, k), gram);
    double[] basis = Arrays.copyOf(both, both.length + set.u.length);
    System.arraycopy(set.u, 0, basis, both.length, set.u.length);
    set.hProblems.solve(gram, set.x.times(basis, k), set.h);
  }

  private void improveOwnWeights(Set set) {
    double[][] gram = new double[k][k];
    FactorAlgebra.addTimes(1 + params.lambda(), set.hh, gram);
    double[] right = Arrays.copyOf(set.xh, w.length);
    FactorAlgebra.subtractTimes(w, set.hh, right);
    set.vProblems.solve(gram, right, set.v);
    if (set.u.length > 0) {
      double[] own = Arrays.copyOfRange(set.xh, w.length, set.xh.length);
      set.uProblems.solve(gram, own, set.u);
    }
  }

  private void improveSharedWeights() {
    double[][] gram = new double[k][k];
    double[] right = new double[w.length];
    for (Set set : sets) {
      FactorAlgebra.addTimes(1, set.hh, gram);
      double[] part = Arrays.copyOf(set.xh, w.length);
      FactorAlgebra.subtractTimes(set.v, set.hh, part);
      for (int c = 0; c < right.length; c++) {
        right[c] += part[c];
      }
    }
    wProblems.solve(gram, right, w);
  }

  double objective() {
    double total = 0;
    for (int s = 0; s < sets.size(); s++) {
      Set set = sets.get(s);
      double[] own = Arrays.copyOfRange(set.xh, w.length, set.xh.length);
      total +=
          learnt(s, "").misfit(w, params.lambda())
              + set.x.ownSquares()
              + FactorAlgebra.misfit(own, set.hh, set.u)
              + params.lambda() * FactorAlgebra.dot(FactorAlgebra.inner(set.u, set.u, k), set.hh);
    }
    return total;
  }

  /** What is known of the shared features of a set. */
  FactorSet learnt(int s, String name) {
    Set set = sets.get(s);
    double[] shared = Arrays.copyOf(set.xh, w.length);
    return new FactorSet(name, set.x.nCells(), set.v, set.hh, shared, set.x.sharedSquares());
  }

  double[] trace() {
    return trace.stream().mapToDouble(Double::doubleValue).toArray();
  }

  boolean converged() {
    return converged;
  }

  double[] w() {
    return w;
  }

  double[] h(int set) {
    return sets.get(set).h;
  }

  double[] u(int set) {
    return sets.get(set).u;
  }
}
