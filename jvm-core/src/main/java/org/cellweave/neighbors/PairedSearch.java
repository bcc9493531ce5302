package org.cellweave.neighbors;

import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Exact search of two sets in each other, or of one in itself, that computes every product once: it
 * is offered to the lists of both its rows. A row has a list for every kind of the other set.
 *
 * <p>Candidates are ordered and proven by {@link ProvenLists}; blocks that lie too far apart are
 * left out.
 */
final class PairedSearch implements AutoCloseable {
  private static final int BLOCK = 256;

  private final Blocks rows;
  private final Blocks columns;
  private final boolean same;
  private final Candidates ofRows;
  private final Candidates ofColumns;
  private final FloatPointer packedRows;
  private final FloatPointer packedColumns;

  private PairedSearch(Blocks rows, Blocks columns, int wantedByRows, int wantedByColumns) {
    this.rows = rows;
    this.columns = columns;
    this.same = rows == columns;
    ofRows = candidates(rows, columns, wantedByRows);
    ofColumns = same ? ofRows : candidates(columns, rows, wantedByColumns);
    packedRows = rows.points.packed(rows.order, true);
    packedColumns = columns.points.packed(columns.order, false);
  }

  private static Candidates candidates(Blocks own, Blocks others, int wanted) {
    return Candidates.proving(Math.multiplyExact(own.order.length, others.nKinds), wanted);
  }

  /**
   * The nearest of a set for each of its own, by kind.
   *
   * @param blocks of the set
   * @param members rows of every kind; null where there is one kind
   * @param k length of a list; in that of its own kind a row comes first itself
   * @param indices filled with {@code k} rows of every kind for every row
   * @param distances filled with their distances
   */
  static void within(
      Blocks blocks, int[][] members, int k, int[] indices, double[] distances, Progress progress) {
    int wanted = blocks.nKinds == 1 ? k - 1 : k;
    try (var search = new PairedSearch(blocks, blocks, wanted, wanted)) {
      search.run(progress);
      search.fill(blocks, blocks, search.ofRows, members, k, indices, distances);
    }
  }

  /** The lists of each of two sets in the other. */
  record Both(CrossNeighbors.Result there, CrossNeighbors.Result back) {}

  /**
   * @param inColumns how many columns each row looks at
   * @param inRows how many rows each column looks at
   */
  static Both between(PointSet rows, PointSet columns, int inColumns, int inRows) {
    var first = Blocks.of(rows);
    var second = Blocks.of(columns);
    try (var search = new PairedSearch(first, second, inColumns, inRows)) {
      search.run(Progress.NONE);
      return new Both(
          search.lists(first, second, search.ofRows, inColumns),
          search.lists(second, first, search.ofColumns, inRows));
    }
  }

  private CrossNeighbors.Result lists(Blocks own, Blocks others, Candidates found, int k) {
    int n = own.points.n;
    int[] indices = new int[Math.multiplyExact(n, k)];
    double[] distances = new double[n * k];
    fill(own, others, found, null, k, indices, distances);
    return new CrossNeighbors.Result(n, k, indices, distances);
  }

  private void run(Progress progress) {
    var rounds = same ? BlockRounds.within(rows) : BlockRounds.between(rows, columns);
    for (int r = 0; r < rounds.size(); r++) {
      var round = rounds.get(r);
      Parallel.forBlocks(round.size(), p -> search(round.get(p).row(), round.get(p).column()));
      progress.step("neighbors", r + 1, rounds.size(), Double.NaN);
    }
  }

  private void search(int i, int j) {
    boolean itself = same && i == j;
    var own = lists(rows, i, ofRows, columns.nKinds, columns.kinds[j]);
    var others = lists(columns, j, ofColumns, rows.nKinds, rows.kinds[i]);
    double gap = rows.gap(i, columns, j);
    if (!itself && isFar(gap, own) && isFar(gap, others)) {
      return;
    }
    int width = rows.points.packedWidth();
    try (var tile = new ScoreTile(width, columns.size(j))) {
      // views, which have no memory of their own
      var a = packedRows.getPointer((long) rows.starts[i] * width);
      var b = packedColumns.getPointer((long) columns.starts[j] * width);
      tile.search(a, b, own, others, !itself, same);
    }
  }

  private static ScoreTile.Lists lists(
      Blocks blocks, int block, Candidates found, int nKinds, int kind) {
    return new ScoreTile.Lists(
        found, blocks.order, blocks.starts[block], blocks.size(block), nKinds, kind);
  }

  /** Whether half the squared distance of all pairs is above all thresholds. */
  private static boolean isFar(double gap, ScoreTile.Lists lists) {
    if (!(gap > 0)) {
      return false;
    }
    int most = Integer.MIN_VALUE;
    for (int p = 0; p < lists.count(); p++) {
      most = Math.max(most, lists.found().threshold(lists.list(p)));
    }
    // NaN, of a list that is not full, is not far
    return gap * gap / 2 * (1 - 1e-9) > Float.intBitsToFloat(most);
  }

  private void fill(
      Blocks own,
      Blocks others,
      Candidates found,
      int[][] members,
      int k,
      int[] indices,
      double[] distances) {
    int kinds = others.nKinds;
    Parallel.forRange(
        own.order.length,
        BLOCK,
        (from, to) -> {
          var proven = new ProvenLists(own.points, others.points);
          for (int b = blockOf(own, from), p = from; p < to; p++) {
            b = own.starts[b + 1] == p ? b + 1 : b;
            int i = own.order[p];
            for (int kind = 0; kind < kinds; kind++) {
              int row = i * kinds + kind;
              boolean itself = same && own.kinds[b] == kind;
              var list =
                  itself
                      ? NearestList.after(i, indices, distances, row, k)
                      : NearestList.of(indices, distances, row, k);
              proven.fill(
                  i,
                  found,
                  p * kinds + kind,
                  members == null ? null : members[kind],
                  itself ? i : -1,
                  list);
            }
          }
        });
  }

  private static int blockOf(Blocks blocks, int place) {
    int b = 0;
    while (blocks.starts[b + 1] <= place) {
      b++;
    }
    return b;
  }

  @Override
  public void close() {
    packedRows.close();
    packedColumns.close();
  }
}
