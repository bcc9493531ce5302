package org.cellweave.neural.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.fused.KeptWeights;
import org.cellweave.random.Streams;
import org.cellweave.util.Parallel;

/**
 * Places drawn from two groups of cells, pair by pair; their expression is decoded anew for every
 * walk over them, so that it need not be held.
 */
final class ExpressionPairs {
  private static final int PAIRS = 4 * BlockRunner.ROWS;

  private final CellData cells;
  private final RowDecoder decoder;
  private final int genes;
  private final RowDecoder.Rows first;
  private final RowDecoder.Rows second;

  private ExpressionPairs(
      CountModel model, CellData cells, RowDecoder.Rows first, RowDecoder.Rows second) {
    this.cells = cells;
    this.decoder = new RowDecoder(model);
    this.genes = model.nGenes();
    this.first = first;
    this.second = second;
  }

  /**
   * Under correction every group is decoded in all of its batches; where both have the same ones,
   * pairs lie within them.
   *
   * @param warnings receives a sentence where batches cannot be paired
   */
  static ExpressionPairs of(
      CountModel model,
      CellData cells,
      DifferentialExpression.Comparison groups,
      DifferentialExpression.Params params,
      List<String> warnings) {
    List<String> one = params.batchid1();
    List<String> two = params.batchid2();
    List<String> all = model.registry().levels().get(Registry.BATCH);
    Set<String> ours = new HashSet<>(one == null ? all : one);
    Set<String> theirs = new HashSet<>(two == null ? all : two);
    if (params.batchCorrection() && ours.equals(theirs)) {
      two = one;
    } else if (params.batchCorrection() && !java.util.Collections.disjoint(ours, theirs)) {
      warnings.add(
          "batchid1 and batchid2 share some batches but not all, so that pairs mix batches;"
              + " give both the same or none in common");
    }
    var typical =
        params.filterOutlierCells() ? typical(model, cells, groups, params, warnings) : groups;
    return new ExpressionPairs(
        model,
        cells,
        drawn(model, cells, typical.first(), params, one, 1),
        drawn(model, cells, typical.second(), params, two, 2));
  }

  /** The groups without the cells that lie apart. */
  private static DifferentialExpression.Comparison typical(
      CountModel model,
      CellData cells,
      DifferentialExpression.Comparison groups,
      DifferentialExpression.Params params,
      List<String> warnings) {
    long seed = params.seed();
    return new DifferentialExpression.Comparison(
        groups.group1(),
        groups.group2(),
        OutlierCells.without(model, cells, groups.first(), groups.group1(), seed, warnings),
        OutlierCells.without(model, cells, groups.second(), groups.group2(), seed, warnings));
  }

  private static RowDecoder.Rows drawn(
      CountModel model,
      CellData cells,
      int[] group,
      DifferentialExpression.Params params,
      List<String> batchid,
      int side) {
    int[] batches = {-1};
    if (params.batchCorrection()) {
      List<String> all = model.registry().levels().get(Registry.BATCH);
      batches = model.batches(batchid == null ? all : batchid);
    }
    int each = Math.max(2, params.nSamples() / batches.length);
    RowDecoder.Rows[] parts = new RowDecoder.Rows[batches.length];
    for (int b = 0; b < batches.length; b++) {
      String batch =
          batches[b] < 0 ? null : model.registry().levels().get(Registry.BATCH).get(batches[b]);
      var sampling =
          NormalizedExpression.Params.builder()
              .transformBatch(batch == null ? List.of() : List.of(batch))
              .nSamplesOverall(each)
              .weights(params.weights())
              .importance(params.importance())
              .seed(Streams.mix(params.seed()) + Streams.STEP * (2L * b + side))
              .build();
      parts[b] = PosteriorRows.of(model, cells, group, sampling).rows(0, each, batches[b]);
    }
    return joined(parts, model.module().shape().latent());
  }

  private static RowDecoder.Rows joined(RowDecoder.Rows[] parts, int latent) {
    int n = Arrays.stream(parts).mapToInt(RowDecoder.Rows::size).sum();
    boolean library = parts[0].library() != null;
    boolean batch = parts[0].batch() != null;
    RowDecoder.Rows out = RowDecoder.Rows.allocate(n, latent, library, batch);
    int at = 0;
    for (RowDecoder.Rows part : parts) {
      int size = part.size();
      System.arraycopy(part.cells(), 0, out.cells(), at, size);
      System.arraycopy(part.z(), 0, out.z(), at * latent, size * latent);
      if (library) {
        System.arraycopy(part.library(), 0, out.library(), at, size);
      }
      if (batch) {
        System.arraycopy(part.batch(), 0, out.batch(), at, size);
      }
      at += size;
    }
    return out;
  }

  int size() {
    return Math.min(first.size(), second.size());
  }

  int genes() {
    return genes;
  }

  /** Receives the shares of all genes in both rows of a pair; the arrays are used again. */
  @FunctionalInterface
  interface Visitor {
    void pair(int pair, double[] first, double[] second);
  }

  /**
   * Walks over all pairs, part by part in parallel.
   *
   * @return what the parts gave, in their order
   */
  <T> List<T> walk(Supplier<T> empty, Function<T, Visitor> visitor) {
    try (var weights = new KeptWeights()) {
      return walk(weights, empty, visitor);
    }
  }

  private <T> List<T> walk(KeptWeights weights, Supplier<T> empty, Function<T, Visitor> visitor) {
    int n = size();
    return Parallel.map(
        Parallel.nBlocks(n, PAIRS),
        part -> {
          T out = empty.get();
          Visitor visits = visitor.apply(out);
          double[] a = new double[genes];
          double[] b = new double[genes];
          int end = Math.min(n, (part + 1) * PAIRS);
          try (var runner = new BlockRunner(cells, weights)) {
            for (int from = part * PAIRS; from < end; from += BlockRunner.ROWS) {
              int count = Math.min(BlockRunner.ROWS, end - from);
              Decoded ours = decoder.decode(runner, first, from, count);
              Decoded theirs = decoder.decode(runner, second, from, count);
              for (int i = 0; i < count; i++) {
                ours.shares(i, a);
                theirs.shares(i, b);
                visits.pair(from + i, a, b);
              }
            }
          }
          return out;
        });
  }
}
