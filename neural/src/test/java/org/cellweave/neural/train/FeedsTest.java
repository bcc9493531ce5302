package org.cellweave.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.testing.NumberedCells;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class FeedsTest {
  private static Split first(int training, int validation) {
    return new Split(
        IntStream.range(0, training).toArray(),
        IntStream.range(training, training + validation).toArray());
  }

  /** The cells of a view in every step of an epoch. */
  private static List<int[]> epoch(Feed feed, int epoch, View view) {
    feed.begin(epoch);
    List<int[]> out = new ArrayList<>();
    var into = new Minibatch(feed.genes());
    for (int s = 0; s < feed.steps(); s++) {
      feed.step(epoch, s, into);
      out.add(NumberedCells.in(into, view));
    }
    return out;
  }

  private static int[] sorted(List<int[]> steps) {
    return steps.stream().flatMapToInt(Arrays::stream).sorted().toArray();
  }

  private static int[] sizes(List<int[]> steps) {
    return steps.stream().mapToInt(s -> s.length).toArray();
  }

  private static CellFeed feed(int training, int validation, int batchSize, long seed) {
    CellData cells = NumberedCells.of(training + validation);
    return new CellFeed(cells, first(training, validation), batchSize, seed);
  }

  @Test
  void everyTrainingCellIsInOneMinibatchOfAnEpoch() {
    Seeds.forEach(
        20,
        seed -> {
          int n = 30 + (int) (seed % 11);
          CellFeed feed = feed(n, 5, 10, seed);
          for (int epoch = 0; epoch < 2; epoch++) {
            assertThat(sorted(epoch(feed, epoch, View.CELLS)))
                .containsExactly(IntStream.range(0, n).toArray());
          }
        });
  }

  @Test
  void aRestOfOneOrTwoCellsJoinsTheMinibatchBefore() {
    assertThat(sizes(epoch(feed(30, 0, 10, 1), 0, View.CELLS))).containsExactly(10, 10, 10);
    assertThat(sizes(epoch(feed(31, 0, 10, 1), 0, View.CELLS))).containsExactly(10, 10, 11);
    assertThat(sizes(epoch(feed(32, 0, 10, 1), 0, View.CELLS))).containsExactly(10, 10, 12);
    assertThat(sizes(epoch(feed(33, 0, 10, 1), 0, View.CELLS))).containsExactly(10, 10, 10, 3);
    assertThat(sizes(epoch(feed(2, 0, 10, 1), 0, View.CELLS))).containsExactly(2);
  }

  @Test
  void orderChangesByEpochAndSeedAlone() {
    CellFeed feed = feed(40, 0, 8, 5);
    List<int[]> one = epoch(feed, 0, View.CELLS);
    assertThat(epoch(feed, 1, View.CELLS).get(0)).isNotEqualTo(one.get(0));
    assertThat(epoch(feed, 0, View.CELLS).get(0)).isEqualTo(one.get(0));
    assertThat(epoch(feed(40, 0, 8, 5), 0, View.CELLS).get(4)).isEqualTo(one.get(4));
    assertThat(epoch(feed(40, 0, 8, 6), 0, View.CELLS).get(0)).isNotEqualTo(one.get(0));
  }

  @Test
  void heldOutCellsComeInTheirOrder() {
    CellFeed feed = feed(20, 12, 5, 3);
    assertThat(feed.trainingCells()).isEqualTo(20);
    assertThat(feed.validationCells()).isEqualTo(12);
    assertThat(feed.validationSteps()).isEqualTo(2);
    var into = new Minibatch(2);
    feed.validation(1, into);
    assertThat(NumberedCells.in(into, View.CELLS)).containsExactly(25, 26, 27, 28, 29, 30, 31);
    assertThat(feed(20, 0, 5, 3).validationSteps()).isZero();
  }

  @Test
  void thinnedCellsAreThoseOfTheMinibatch() {
    CellData cells = NumberedCells.of(30);
    var feed = new ThinnedFeed(cells, first(30, 0), 10, 7, 5);
    List<float[]> once = thinned(feed, 0);
    assertThat(once.get(0)).isNotEqualTo(once.get(1));
    assertThat(thinned(feed, 0)).containsExactlyElementsOf(once);
    assertThat(thinned(feed, 1).get(0)).isNotEqualTo(once.get(0));
  }

  /** The counts that are kept in every step of an epoch. */
  private static List<float[]> thinned(Feed feed, int epoch) {
    List<float[]> out = new ArrayList<>();
    var into = new Minibatch(2);
    feed.begin(epoch);
    for (int s = 0; s < feed.steps(); s++) {
      feed.step(epoch, s, into);
      Counts counts = into.counts(View.THINNED);
      assertThat(counts.cells()).isEqualTo(into.cells(View.CELLS));
      out.add(Arrays.copyOf(counts.value(), counts.size()));
    }
    return out;
  }

  /** Labels 0 and 1, and 2 for none, over and over; of 60 cells 40 have a label. */
  private static LabelledFeed labelled(int training, int perLabel, long seed) {
    int[] codes = IntStream.range(0, 60).map(i -> i % 3).toArray();
    var labels = new Categories("kind", codes, new String[] {"a", "b", "unknown"});
    CellData cells = NumberedCells.of(60, labels);
    return new LabelledFeed(cells, first(training, 0), 10, seed, perLabel, 2);
  }

  @Test
  void theLabelledStreamBeginsAgainInTheSameOrder() {
    LabelledFeed feed = labelled(60, 0, 1);
    assertThat(sizes(epoch(feed, 0, View.CELLS))).containsExactly(10, 10, 10, 10, 10, 10);
    List<int[]> steps = epoch(feed, 0, View.LABELLED);
    assertThat(steps.get(4)).isEqualTo(steps.get(0));
    assertThat(steps.get(5)).isEqualTo(steps.get(1));
    assertThat(sorted(steps.subList(0, 4)))
        .containsExactly(IntStream.range(0, 60).filter(i -> i % 3 != 2).toArray());
    assertThat(epoch(feed, 1, View.LABELLED).get(0)).isNotEqualTo(steps.get(0));
  }

  @Test
  void drawsSoManyOfEveryLabelAnewEveryEpoch() {
    LabelledFeed feed = labelled(60, 4, 1);
    int[] drawn = epoch(feed, 0, View.LABELLED).get(0);
    assertThat(drawn).hasSize(8).doesNotHaveDuplicates();
    assertThat(Arrays.stream(drawn).filter(i -> i % 3 == 0).count()).isEqualTo(4);
    assertThat(Arrays.stream(drawn).filter(i -> i % 3 == 1).count()).isEqualTo(4);
    assertThat(epoch(feed, 0, View.LABELLED)).allSatisfy(s -> assertThat(s).isEqualTo(drawn));
    int[] next = epoch(feed, 1, View.LABELLED).get(0);
    assertThat(Arrays.stream(next).sorted().toArray())
        .isNotEqualTo(Arrays.stream(drawn).sorted().toArray());
    assertThat(epoch(labelled(60, 100, 1), 0, View.LABELLED).get(0)).hasSize(10);
  }

  @Test
  void labelledCellsAreTrainingCells() {
    LabelledFeed feed = labelled(25, 0, 3);
    assertThat(Arrays.stream(sorted(epoch(feed, 0, View.LABELLED))))
        .allMatch(i -> i < 25 && i % 3 != 2);
  }

  @Test
  void everyLabelledCellIsAsLikelyAsAnyOther() {
    int[] seen = new int[60];
    var random = new SplittableRandom(3);
    for (int k = 0; k < 400; k++) {
      LabelledFeed feed = labelled(60, 5, random.nextLong());
      for (int cell : epoch(feed, 0, View.LABELLED).get(0)) {
        seen[cell]++;
      }
    }
    // 5 of 20 in 400 draws: 100, of deviation 8.7
    assertThat(IntStream.range(0, 60).filter(i -> i % 3 != 2).map(i -> seen[i]))
        .allMatch(n -> n > 60 && n < 140);
  }

  @Test
  void refusesCellsWithoutAnyLabel() {
    int[] codes = new int[12];
    Arrays.fill(codes, 1);
    var labels = new Categories("obs['kind']", codes, new String[] {"a", "unknown"});
    CellData cells = NumberedCells.of(12, labels);
    assertThatThrownBy(() -> new LabelledFeed(cells, first(12, 0), 10, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no training cell has a label in obs['kind']: all are 'unknown', the category for"
                + " cells without one");
  }
}
