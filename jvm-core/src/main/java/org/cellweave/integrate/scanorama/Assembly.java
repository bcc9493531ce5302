package org.cellweave.integrate.scanorama;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** Joins batches to panoramas, pair after pair in the order of their scores. */
final class Assembly {
  /** A pair is left out once both of its batches were in more pairs than this. */
  private static final int MOST_USES = 3;

  private final List<DenseMatrix> tables;
  private final int[] starts;
  private final Alignments alignments;
  private final Scanorama.Params params;
  private final Progress progress;
  private final List<List<Integer>> panoramas = new ArrayList<>();
  private final List<Scanorama.Step> steps = new ArrayList<>();

  /**
   * @param tables cells batch after batch; all are moved, by the same pairs
   * @param starts first cell of each batch, and the number of cells
   */
  Assembly(
      List<DenseMatrix> tables,
      int[] starts,
      Alignments alignments,
      Scanorama.Params params,
      Progress progress) {
    this.tables = tables;
    this.starts = starts;
    this.alignments = alignments;
    this.params = params;
    this.progress = progress;
  }

  List<Scanorama.Step> run() {
    int[] uses = new int[starts.length - 1];
    var all = alignments.above(params.alpha());
    for (int p = 0; p < all.size(); p++) {
      int[] pair = all.get(p);
      uses[pair[0]]++;
      uses[pair[1]]++;
      if (uses[pair[0]] <= MOST_USES || uses[pair[1]] <= MOST_USES) {
        join(pair[0], pair[1]);
      }
      progress.step("scanorama", p + 1, all.size(), Double.NaN);
      Parallel.checkInterrupted();
    }
    return steps;
  }

  private void join(int i, int j) {
    var ofI = panoramaOf(i);
    var ofJ = panoramaOf(j);
    double score = alignments.table()[i][j];
    if (ofI == null && ofJ == null) {
      // the larger batch stays
      int stays = size(i) < size(j) ? j : i;
      var begun = new ArrayList<>(List.of(stays));
      panoramas.add(begun);
      map(i + j - stays, begun, score);
    } else if (ofI == null) {
      map(i, ofJ, score);
    } else if (ofJ == null) {
      map(j, ofI, score);
    } else {
      // only the pairs of these two batches move the whole panorama, which may be the same one
      move(ofI, ofJ, alignments.between(i, List.of(j)), score);
      if (ofI != ofJ) {
        ofI.addAll(ofJ);
        panoramas.remove(ofJ);
      }
    }
  }

  /** Moves a batch onto a panorama, by its pairs with all batches there. */
  private void map(int batch, List<Integer> panorama, double score) {
    move(List.of(batch), panorama, alignments.between(batch, panorama), score);
    panorama.add(batch);
  }

  private void move(List<Integer> moved, List<Integer> onto, int[][] pairs, double score) {
    int[] rows = new int[moved.stream().mapToInt(this::size).sum()];
    int n = 0;
    for (int b : moved) {
      for (int i = starts[b]; i < starts[b + 1]; i++) {
        rows[n++] = i;
      }
    }
    for (var table : tables) {
      try (var shift = new KernelShift(table, pairs[0], pairs[1], params)) {
        shift.move(rows);
      }
    }
    steps.add(new Scanorama.Step(batches(moved), batches(onto), score, pairs[0].length));
  }

  private static int[] batches(List<Integer> of) {
    return of.stream().mapToInt(b -> b).toArray();
  }

  private List<Integer> panoramaOf(int batch) {
    return panoramas.stream().filter(p -> p.contains(batch)).findFirst().orElse(null);
  }

  private int size(int batch) {
    return starts[batch + 1] - starts[batch];
  }
}
