package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/**
 * What every method of batch integration keeps to. A method's test extends this, hands over the
 * method and states what is particular to it.
 */
public abstract class BatchIntegrationContract {
  /** What a method does with cells of a single batch. */
  public enum OneBatch {
    /** Gives back what it was given. */
    UNCHANGED,
    /** Throws, naming the batch column. */
    REFUSED
  }

  protected abstract BatchIntegration<?> method(long seed);

  protected abstract OneBatch oneBatch();

  /**
   * How far results may lie apart, relative to their size, when cells come in another order and
   * batches under other names; more than rounding only where the method draws random numbers by
   * position.
   */
  protected abstract double tolerance();

  /** Whether the seed decides anything; without, every seed gives the same bits. */
  protected boolean draws() {
    return true;
  }

  /** Whether batches are gone through by their order, of which the first stays where it is. */
  protected boolean goesByOrderOfBatches() {
    return false;
  }

  /** Share of a cell's neighbours from other batches, relative to complete mixing. */
  protected double leastMixing() {
    return 0.7;
  }

  /** As users run it; a method may be entered by its static {@code run} here. */
  protected IntegrationResult run(
      BatchIntegration<?> method, Matrix x, Categories batch, Progress progress) {
    return method.run(IntegrationInput.of("x", x, batch), progress);
  }

  private Integrated first(Matrix x, Categories batch) {
    return first(method(1), x, batch);
  }

  private Integrated first(BatchIntegration<?> method, Matrix x, Categories batch) {
    return run(method, x, batch, Progress.NONE).integrated().get(0);
  }

  private SimulatedBatches cells(int n, int nBatches) {
    return SimulatedBatches.of(method(1).reads(), n, nBatches, 7);
  }

  @Test
  public void everyCellIsThereAndFinite() {
    var data = cells(300, 3);
    var result = run(method(1), data.x(), data.batch(), Progress.NONE);
    assertThat(result.integrated()).isNotEmpty();
    for (var made : result.integrated()) {
      assertThat(made.nCells()).isEqualTo(300);
      for (double v : bits(made)) {
        assertThat(Double.isFinite(v)).isTrue();
      }
    }
    assertThat(method(1).name()).matches("[a-z0-9_]+");
  }

  @Test
  public void theInputStaysAsItWas() {
    var data = cells(300, 3);
    double[] before = Prepared.valuesOf(data.x());
    int[] codes = data.batch().codes().clone();
    first(data.x(), data.batch());
    assertThat(Prepared.valuesOf(data.x())).isEqualTo(before);
    assertThat(data.batch().codes()).isEqualTo(codes);
  }

  @Test
  public void theOrderOfCellsDoesNotMatter() {
    var data = cells(500, 3);
    int[] order = Seeds.permutation(500, 3);
    var moved = first(data.x().takeRows(order), data.batch().subset(order));
    assertThat(apart(taken(first(data.x(), data.batch()), order), moved))
        .isLessThanOrEqualTo(tolerance());
  }

  @Test
  public void namesAndOrderOfBatchesDoNotMatter() {
    var data = cells(500, 3);
    int[] codes =
        Arrays.stream(data.batch().codes())
            .map(c -> goesByOrderOfBatches() ? c + 1 : 3 - c)
            .toArray();
    var renamed = new Categories("batch", codes, new String[] {"nobody", "x", "y", "a"});
    assertThat(apart(first(data.x(), data.batch()), first(data.x(), renamed)))
        .isLessThanOrEqualTo(tolerance());
  }

  @Test
  public void oneBatchBehavesAsStated() {
    var data = cells(300, 1);
    if (oneBatch() == OneBatch.REFUSED) {
      assertThatThrownBy(() -> first(data.x(), data.batch()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("batch");
      return;
    }
    var given = data.x().copy();
    assertThat(apart(table(first(data.x(), data.batch())), given)).isLessThan(1e-6);
  }

  @Test
  public void sameBitsForAnyNumberOfThreads() {
    var data = cells(3000, 3);
    var one = Seeds.withThreads(1, () -> bits(first(data.x(), data.batch())));
    for (int threads : new int[] {2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> bits(first(data.x(), data.batch()))))
          .isEqualTo(one);
    }
  }

  @Test
  public void sameSeedSameBits() {
    var data = cells(300, 3);
    var method = method(5);
    double[] once = bits(first(method, data.x(), data.batch()));
    for (var other : new BatchIntegration<?>[] {method, method(5)}) {
      assertThat(bits(first(other, data.x(), data.batch()))).isEqualTo(once);
    }
  }

  /** On the cells of the clauses above, which would hold of anything if nothing showed there. */
  @Test
  public void anotherSeedGivesOtherBits() {
    for (var data : List.of(cells(300, 3), cells(3000, 3))) {
      double[] one = bits(first(method(1), data.x(), data.batch()));
      double[] two = bits(first(method(2), data.x(), data.batch()));
      assertThat(Arrays.equals(one, two)).isEqualTo(!draws());
    }
  }

  @Test
  public void nanIsRefusedByRowAndColumn() {
    var data = cells(300, 3);
    var x = data.x().toDense().copy();
    x.set(3, 2, Double.NaN);
    assertThatThrownBy(() -> first(x, data.batch()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 2]")
        .hasMessageContaining("NaN");
  }

  @Test
  public void aMissingLabelIsRefusedByName() {
    var data = cells(300, 3);
    int[] codes = data.batch().codes().clone();
    codes[11] = Categories.MISSING;
    assertThatThrownBy(() -> first(data.x(), Categories.of("obs['lane']", codes)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("obs['lane']")
        .hasMessageContaining("cell 11");
  }

  @Test
  public void anInterruptEndsTheRunAndLeavesTheInputAsItWas() {
    var data = cells(300, 3);
    Interrupts.areNoticed(
        progress -> run(method(1), data.x(), data.batch(), progress),
        () -> Prepared.valuesOf(data.x()));
  }

  @Test
  public void batchesMixAndTypesStay() {
    var data = cells(900, 3);
    var before = Neighbourhoods.of(data.x().toDense());
    var after = Neighbourhoods.of(first(data.x(), data.batch()));
    assertThat(after.mixing(data.batch()))
        .isGreaterThan(leastMixing())
        .isGreaterThan(before.mixing(data.batch()) + 0.2);
    assertThat(after.purity(data.type())).isGreaterThan(0.95 * before.purity(data.type()));
  }

  /** All numbers of what was made, and where they stand: of a graph both of its matrices. */
  private static double[] bits(Integrated made) {
    if (made instanceof Integrated.Graph graph) {
      return DoubleStream.concat(entries(graph.distances()), entries(graph.connectivities()))
          .toArray();
    }
    return Prepared.valuesOf(table(made));
  }

  private static DenseMatrix table(Integrated made) {
    return made instanceof Integrated.Embedding e ? e.x() : ((Integrated.Expression) made).x();
  }

  /** Row, column and value of every stored entry. */
  private static DoubleStream entries(CsrMatrix x) {
    return IntStream.range(0, x.nRows())
        .boxed()
        .flatMapToDouble(
            i -> {
              var block = x.blockOf(i);
              return IntStream.range(block.start(i), block.end(i))
                  .boxed()
                  .flatMapToDouble(p -> DoubleStream.of(i, block.indices()[p], block.value(p)));
            });
  }

  private static Integrated taken(Integrated made, int[] order) {
    if (made instanceof Integrated.Embedding e) {
      return new Integrated.Embedding(e.x().takeRows(order));
    }
    if (made instanceof Integrated.Expression e) {
      return new Integrated.Expression(e.x().takeRows(order), e.features());
    }
    var graph = (Integrated.Graph) made;
    return new Integrated.Graph(
        square(graph.distances(), order), square(graph.connectivities(), order));
  }

  private static CsrMatrix square(CsrMatrix x, int[] order) {
    return x.takeRows(order).takeCols(order);
  }

  private static double apart(Integrated a, Integrated b) {
    if (a instanceof Integrated.Graph one && b instanceof Integrated.Graph two) {
      return Math.max(
          apart(one.distances(), two.distances()),
          apart(one.connectivities(), two.connectivities()));
    }
    return apart(table(a), table(b));
  }

  /** Norm of the difference over that of {@code b}. */
  private static double apart(Matrix a, Matrix b) {
    double[] ours = Prepared.valuesOf(a);
    double[] theirs = Prepared.valuesOf(b);
    assertThat(ours).hasSameSizeAs(theirs);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < ours.length; i++) {
      difference += Math.pow(ours[i] - theirs[i], 2);
      size += Math.pow(theirs[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  /** Every cell's neighbours. */
  private record Neighbourhoods(int[][] of) {
    private static final int NEAREST = 20;

    static Neighbourhoods of(Integrated made) {
      if (made instanceof Integrated.Graph graph) {
        var x = graph.distances();
        int[][] lists = new int[x.nRows()][];
        for (int i = 0; i < lists.length; i++) {
          var block = x.blockOf(i);
          lists[i] = Arrays.copyOfRange(block.indices(), block.start(i), block.end(i));
        }
        return new Neighbourhoods(lists);
      }
      return of(table(made));
    }

    static Neighbourhoods of(DenseMatrix x) {
      int[][] lists = AllPairs.nearest(x, NEAREST + 1);
      for (int i = 0; i < lists.length; i++) {
        lists[i] = Arrays.copyOfRange(lists[i], 1, NEAREST + 1);
      }
      return new Neighbourhoods(lists);
    }

    /** Neighbours from other batches, over what their share among all cells is. */
    double mixing(Categories batch) {
      double sum = 0;
      for (int i = 0; i < of.length; i++) {
        double expected = 1 - batch.size(batch.code(i)) / (double) of.length;
        sum += (1 - same(i, batch)) / expected;
      }
      return sum / of.length;
    }

    double purity(Categories type) {
      double sum = 0;
      for (int i = 0; i < of.length; i++) {
        sum += same(i, type);
      }
      return sum / of.length;
    }

    private double same(int i, Categories labels) {
      int n = 0;
      for (int j : of[i]) {
        n += labels.code(j) == labels.code(i) ? 1 : 0;
      }
      return n / (double) Math.max(1, of[i].length);
    }
  }
}
