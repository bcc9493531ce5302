package org.cellweave.contract;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.cellweave.contract.Clauses.Fault;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * What stand-ins for a method have in common: how a run begins and ends, and the trace of its seed.
 * Each fault shows in one way only. Nothing here looks at interrupts unless it says so.
 */
final class StandIn {
  private static final int STEPS = 4;
  private static final double SCRATCH = 17;

  private final Fault fault;
  private final IdentityHashMap<DenseMatrix, DenseMatrix> asGiven = new IdentityHashMap<>();
  private final Map<List<Long>, Integer> runs = new HashMap<>();

  StandIn(Fault fault) {
    this.fault = fault;
  }

  /** Can be interrupted, reports, and refuses NaN; returns what to compute on. */
  DenseMatrix begin(DenseMatrix x, Progress progress) {
    boolean looks = fault != Fault.IGNORES_INTERRUPTS;
    look(looks);
    DenseMatrix read = x;
    if (fault == Fault.CHANGES_THE_INPUT || fault == Fault.WORKS_IN_THE_INPUT) {
      read = asGiven.computeIfAbsent(x, DenseMatrix::copy);
    }
    if (fault == Fault.WORKS_IN_THE_INPUT) {
      x.set(0, 0, SCRATCH);
    }
    for (int step = 1; step <= STEPS; step++) {
      progress.step("stand-in", step, STEPS, Double.NaN);
      look(looks && fault != Fault.LOOKS_ONCE && step < STEPS);
    }
    if (fault != Fault.TAKES_NAN) {
      refuseNan(read);
    }
    return read;
  }

  void end(DenseMatrix x) {
    if (fault == Fault.CHANGES_THE_INPUT) {
      x.set(0, 0, SCRATCH);
    } else if (fault == Fault.WORKS_IN_THE_INPUT) {
      x.set(0, 0, asGiven.get(x).get(0, 0));
    }
  }

  private static void look(boolean now) {
    if (now && Thread.interrupted()) {
      throw new CancellationException("interrupted");
    }
  }

  private static void refuseNan(DenseMatrix x) {
    for (int i = 0; i < x.nRows(); i++) {
      for (int c = 0; c < x.nCols(); c++) {
        if (Double.isNaN(x.get(i, c))) {
          throw new IllegalArgumentException("x[" + i + ", " + c + "] is NaN");
        }
      }
    }
  }

  /** How much the seed moves the result; other things too where that is the fault. */
  int moves(long seed) {
    int moves = fault == Fault.IGNORES_THE_SEED ? 0 : (int) Math.floorMod(seed, 5L);
    if (fault == Fault.GOES_BY_THREADS) {
      moves += Parallel.threads();
    } else if (fault == Fault.REMEMBERS_RUNS) {
      moves += runs.merge(List.of(seed, (long) Parallel.threads()), 1, Integer::sum);
    }
    return moves;
  }

  /** The last bits of a value, which the seed may decide without harm. */
  float moved(double value, long seed) {
    float moved = (float) value;
    for (int move = moves(seed); move > 0; move--) {
      moved = Math.nextUp(moved);
    }
    return moved;
  }
}
