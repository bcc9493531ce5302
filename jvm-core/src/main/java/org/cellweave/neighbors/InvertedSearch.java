package org.cellweave.neighbors;

import java.io.Serializable;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellweave.matrix.RangeRunner;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Approximate search by {@link InvertedLists}: as many lists for each query as it takes for some
 * queries, whose true neighbours are known, to have found the share of them that was asked for.
 *
 * <p>Points that are searched in themselves then ask each other, by {@link NeighborRefinement}; if
 * they still have found too few, they ask again, and look through more lists. Cost for each query:
 * distances from the mean of every list, and from the rows of those chosen.
 */
final class InvertedSearch {
  private static final int QUERIES = 4096;
  private static final int FILLED = 512;
  private static final int LEAST_LISTS = 2;

  /** How many lists a query in another set looks through, about. */
  private static final int TYPICAL_LISTS = 24;

  /**
   * Of what a search has missed, the share that is still missed after refinement: noise of one
   * width in 50 dimensions leaves so much, real cells a fifth.
   */
  private static final double STILL_MISSED = 0.65;

  private final InvertedLists lists;
  private final PointSet queries;
  private final int wanted;
  private final double target;
  private final boolean isRefined;
  private final RecallSample sample;
  private final PlaceTasks tasks;
  private final Progress progress;
  private int steps;

  /** Lists that the queries of the sample have looked through. */
  private int chosen;

  private double recall = Double.NaN;

  private InvertedSearch(
      InvertedLists lists,
      PointSet queries,
      PointSet base,
      int wanted,
      long seed,
      double target,
      PlaceTasks tasks,
      Progress progress) {
    this.lists = lists;
    this.queries = queries;
    this.wanted = wanted;
    this.target = target;
    this.isRefined = queries == base && wanted <= NeighborRefinement.MOST_WANTED;
    this.tasks = tasks;
    this.progress = progress;
    step();
    this.sample = new RecallSample(lists, queries, base, wanted, seed);
    step();
  }

  /**
   * The nearest of some points for each of them, itself first.
   *
   * @param target share of the neighbours to be found
   * @param indices filled with {@code k} rows for every row
   * @param distances filled with their distances
   * @param runner of the work on points once there are lists; null for this process
   * @return the share that some points have found
   */
  static double within(
      PointSet points,
      int k,
      long seed,
      double target,
      RangeRunner runner,
      int[] indices,
      double[] distances,
      Progress progress) {
    try (var lists = InvertedLists.of(points, seed)) {
      var tasks = PlaceTasks.of(runner, points, k - 1);
      var search = new InvertedSearch(lists, points, points, k - 1, seed, target, tasks, progress);
      search.choose();
      tasks.make(
          search.refined(),
          FILLED,
          new Measuring(lists, k),
          (from, part) -> part.put(lists.order, from, k, indices, distances));
      search.step();
      return search.recall;
    }
  }

  /**
   * Float64 lists of points that are places of an index.
   *
   * @param k length of a list, the point itself included
   */
  private record Measuring(InvertedLists lists, int k) implements PlaceTasks.Making<Lists> {
    @Override
    public Lists of(int from, int to, Candidates found, int before) {
      var out = new Lists(new int[(to - from) * k], new double[(to - from) * k]);
      var measured = new MeasuredLists(lists.points, lists.points, lists.order);
      for (int p = from; p < to; p++) {
        int i = lists.order[p];
        var list = NearestList.after(i, out.indices, out.distances, p - from, k);
        measured.fill(i, found, p - before, k - 1, i, list);
      }
      return out;
    }
  }

  /** Lists of some places, one after another. */
  private record Lists(int[] indices, double[] distances) implements Serializable {
    /** Puts them where those of their rows belong. */
    void put(int[] order, int from, int k, int[] allIndices, double[] allDistances) {
      for (int p = 0; p < indices.length / k; p++) {
        System.arraycopy(indices, p * k, allIndices, order[from + p] * k, k);
        System.arraycopy(distances, p * k, allDistances, order[from + p] * k, k);
      }
    }
  }

  /**
   * The nearest points of a base for each of some queries; as {@link #within} otherwise.
   *
   * @param base another set
   */
  static double between(
      PointSet queries,
      PointSet base,
      int k,
      long seed,
      double target,
      int[] indices,
      double[] distances,
      Progress progress) {
    try (var lists = InvertedLists.of(base, seed)) {
      var search = new InvertedSearch(lists, queries, base, k, seed, target, null, progress);
      search.choose();
      int[] nearest = NearestRow.of(lists.packedMeans(), queries, null);
      int[] order = Partition.byGroup(nearest, lists.count());
      search.each(
          order.length,
          (from, to) -> {
            int[] rows = Arrays.copyOfRange(order, from, to);
            var found = Candidates.proving(rows.length, k);
            try (var probe = new ListProbe(lists, queries, rows, null, found, 0)) {
              look(probe, 0, search.chosen);
            }
            var measured = new MeasuredLists(queries, base, lists.order);
            for (int q = 0; q < rows.length; q++) {
              var list = NearestList.of(indices, distances, rows[q], k);
              measured.fill(rows[q], found, q, k, -1, list);
            }
          });
      return search.recall;
    }
  }

  /** Whether so many queries are found in so large a base in a third of the exact search's time. */
  static boolean pays(int queries, int base) {
    double length = InvertedLists.length(base);
    double count = base / length;
    double making = 300 * count * count + base * count;
    double sampling = (double) base * RecallSample.size(queries, base);
    double searching = queries * (count + TYPICAL_LISTS * length);
    return 3 * (making + sampling + searching) < (double) queries * base;
  }

  /** Chooses the number of lists by the sample. */
  private void choose() {
    var found = Candidates.proving(sample.rows.length, wanted);
    double missed;
    do {
      int from = chosen;
      chosen = more(from);
      sample.each(
          (first, end) -> {
            try (var probe = sample.probe(first, end, found)) {
              probe.choose(chosen);
              probe.look(from, chosen, from > 0);
            }
          });
      recall = sample.recall(found);
      missed = (1 - recall) * (isRefined ? STILL_MISSED : 1);
      step();
    } while (chosen < lists.count() && missed > 1 - target);
  }

  /** The next number of lists on the ladder. */
  private int more(int than) {
    return Math.min(lists.count(), Math.max(LEAST_LISTS, than + 1 + than / 8));
  }

  /** Candidates of all places, refined unless so many are wanted that it does not pay. */
  private Candidates refined() {
    var found = Candidates.proving(queries.n, wanted);
    lookAll(found, 0, chosen);
    if (chosen == lists.count() || !isRefined) {
      recall = sample.recallByPlace(found);
      return found;
    }
    var refinement = new NeighborRefinement(lists, found, wanted, tasks);
    refinement.run();
    measure(found);
    while (recall < target && chosen < lists.count()) {
      int from = chosen;
      chosen = more(more(from));
      lookAll(found, from, chosen);
      measure(found);
      if (recall < target) {
        refinement.run();
        measure(found);
      }
    }
    return found;
  }

  private void measure(Candidates found) {
    recall = sample.recallByPlace(found);
    step();
  }

  private void lookAll(Candidates found, int from, int to) {
    var done = new AtomicInteger();
    tasks.change(
        found,
        QUERIES,
        new Looking(lists, from, to),
        (first, end) ->
            progress.step(
                "neighbors",
                done.incrementAndGet(),
                Parallel.nBlocks(found.count(), QUERIES),
                Double.NaN));
  }

  /** Points look through the lists that are not their {@code from} nearest but the {@code to}. */
  private record Looking(InvertedLists lists, int from, int to) implements PlaceTasks.Change {
    @Override
    public void of(int first, int end, Candidates found, int before) {
      int[] rows = Arrays.copyOfRange(lists.order, first, end);
      int[] places = new int[rows.length];
      Arrays.setAll(places, q -> first + q);
      try (var probe = new ListProbe(lists, lists.points, rows, places, found, first - before)) {
        look(probe, from, to);
      }
    }
  }

  private static void look(ListProbe probe, int from, int to) {
    probe.choose(to);
    if (from == 0) {
      // thresholds are low once the nearest list was looked through
      probe.look(0, 1, false);
      probe.look(1, to, false);
    } else {
      probe.look(from, to, true);
    }
  }

  private void each(int n, Parallel.RangeBody body) {
    int total = Parallel.nBlocks(n, QUERIES);
    var done = new AtomicInteger();
    Parallel.forRange(
        n,
        QUERIES,
        (from, to) -> {
          body.run(from, to);
          progress.step("neighbors", done.incrementAndGet(), total, Double.NaN);
        });
  }

  private void step() {
    progress.step("neighbors", ++steps, 0, recall);
  }
}
