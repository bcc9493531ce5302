package org.cellweave.data.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class GroupingTest {
  private static final Grouping.Options ALL = new Grouping.Options(false, true, false);

  private static String[] letters(int n, SplittableRandom random) {
    String[] out = new String[n];
    for (int i = 0; i < n; i++) {
      int k = random.nextInt(6);
      out[i] = k == 5 ? null : "k" + k;
    }
    return out;
  }

  @Test
  void categoriesKeepTheirOrderAndUnusedOnesOnRequest() {
    var kinds =
        CategoricalColumn.ofTexts(
            new String[] {"T", "B", null, "T"}, new String[] {"T", "NK", "B"}, false);
    var seen = Grouping.of(List.of(kinds), Grouping.Options.DEFAULTS);
    assertThat(seen.keys().get(0).texts()).containsExactly("T", "B");
    assertThat(seen.codes()).containsExactly(0, 1, -1, 0);
    assertThat(Grouping.of(List.of(kinds), ALL).keys().get(0).texts())
        .containsExactly("T", "NK", "B", "NaN");
    assertThat(seen.rows(0)).containsExactly(0, 3);
  }

  @Test
  void numbersGoBySizeAndNegativeZeroIsZero() {
    var x = NumericColumn.of(2.0, -0.0, -1.5, 0.0, Double.NaN);
    var groups = Grouping.of(List.of(x), Grouping.Options.DEFAULTS);
    assertThat(groups.keys().get(0).toDoubles()).containsExactly(-1.5, -0.0, 2.0);
    assertThat(groups.codes()).containsExactly(2, 1, 0, 1, -1);
    var firstSeen = Grouping.of(List.of(x), new Grouping.Options(true, false, true));
    assertThat(firstSeen.codes()).containsExactly(0, 1, 2, 1, -1);
  }

  @Test
  void severalColumnsGroupAsTheirValuesDo() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 400;
          String[] a = letters(n, random);
          long[] b = random.longs(n, -3, 3).toArray();
          double[] x = random.doubles(n).toArray();
          Column texts = StringColumn.of(a);
          var groups = Grouping.of(List.of(texts, NumericColumn.of(b)), Grouping.Options.DEFAULTS);
          var sums = new TreeMap<String, Double>();
          for (int i = 0; i < n; i++) {
            if (a[i] != null) {
              sums.merge(a[i] + (b[i] + 3), x[i], Double::sum);
            }
          }
          double[] found =
              GroupStatistics.of(Statistic.SUM, NumericColumn.of(x), groups, 1).toDoubles();
          assertThat(groups.size()).isEqualTo(sums.size());
          int g = 0;
          for (double sum : sums.values()) {
            assertThat(found[g++]).isCloseTo(sum, within(1e-9));
          }
        });
  }

  @Test
  void manyCombinationsGroupAsFewDo() {
    int n = 5000;
    long[] a = new long[n];
    long[] b = new long[n];
    Arrays.setAll(a, i -> i * 7919L % n);
    Arrays.setAll(b, i -> n - a[i]);
    var groups =
        Grouping.of(List.of(NumericColumn.of(a), NumericColumn.of(b)), Grouping.Options.DEFAULTS);
    assertThat(groups.size()).isEqualTo(n);
    for (int i = 0; i < n; i++) {
      assertThat(groups.codes()[i]).isEqualTo((int) a[i]);
    }
    Column wide = StringColumn.of(Arrays.stream(a).mapToObj(Long::toString).toArray(String[]::new));
    var kinds = ((StringColumn) wide).toCategorical();
    assertThatThrownBy(() -> Grouping.of(List.of(kinds, kinds), ALL))
        .hasMessageContaining("25000000 combinations; use observed = true");
  }

  @Test
  void statisticsOfGroupsAreThoseOfTheirValues() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int n = 300;
          double[] x = random.doubles(n, -5, 5).toArray();
          x[3] = Double.NaN;
          long[] k = random.longs(n, 0, 4).toArray();
          var groups = Grouping.of(List.of(NumericColumn.of(k)), Grouping.Options.DEFAULTS);
          Column column = NumericColumn.of(x);
          for (int g = 0; g < groups.size(); g++) {
            double[] own =
                Arrays.stream(groups.rows(g))
                    .mapToDouble(i -> x[i])
                    .filter(v -> !Double.isNaN(v))
                    .sorted()
                    .toArray();
            double mean = Arrays.stream(own).average().orElseThrow();
            double var =
                Arrays.stream(own).map(v -> (v - mean) * (v - mean)).sum() / (own.length - 1);
            assertThat(value(Statistic.MEAN, column, groups, g)).isCloseTo(mean, within(1e-12));
            assertThat(value(Statistic.VAR, column, groups, g)).isCloseTo(var, within(1e-12));
            assertThat(value(Statistic.MIN, column, groups, g)).isEqualTo(own[0]);
            assertThat(value(Statistic.MAX, column, groups, g)).isEqualTo(own[own.length - 1]);
            assertThat(value(Statistic.COUNT, column, groups, g)).isEqualTo(own.length);
            assertThat(value(Statistic.NUNIQUE, column, groups, g)).isEqualTo(own.length);
          }
        });
  }

  private static double value(Statistic what, Column column, Grouping groups, int group) {
    return GroupStatistics.of(what, column, groups, 1).toDoubles()[group];
  }

  @Test
  void typesAreThoseOfPandas() {
    var groups = Grouping.whole(3);
    var whole = NumericColumn.of(1, 2, 4);
    assertThat(GroupStatistics.of(Statistic.SUM, whole, groups, 1).dtypeName()).isEqualTo("int64");
    assertThat(GroupStatistics.of(Statistic.MAX, whole, groups, 1).dtypeName()).isEqualTo("int32");
    assertThat(GroupStatistics.of(Statistic.MEDIAN, whole, groups, 1).toDoubles())
        .containsExactly(2.0);
    assertThat(
            GroupStatistics.of(Statistic.MEAN, NumericColumn.of(1f, 2f, 4f), groups, 1).dtypeName())
        .isEqualTo("float32");
    assertThat(GroupStatistics.of(Statistic.STD, whole, Grouping.whole(3), 3).toDoubles())
        .containsExactly(Double.NaN);
    assertThatThrownBy(
            () -> GroupStatistics.of(Statistic.MEAN, StringColumn.of("a"), Grouping.whole(1), 1))
        .hasMessageContaining("a statistic of numbers cannot be taken of a column of type object");
  }

  @Test
  void ordersAreStableAndPutMissingValuesLast() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          double[] x = random.longs(500, 0, 30).asDoubleStream().toArray();
          x[7] = Double.NaN;
          for (boolean up : new boolean[] {true, false}) {
            int[] order = RowOrder.of(NumericColumn.of(x), up);
            assertThat(order[499]).isEqualTo(7);
            for (int i = 1; i < 499; i++) {
              double step = (x[order[i]] - x[order[i - 1]]) * (up ? 1 : -1);
              assertThat(step).isGreaterThanOrEqualTo(0);
              assertThat(step > 0 || order[i] > order[i - 1]).isTrue();
            }
          }
        });
  }

  @Test
  void threadsDoNotMatterForArithmetic() {
    var random = new SplittableRandom(5);
    Column a = NumericColumn.of(random.doubles(100_000).toArray());
    Column b = NumericColumn.of(random.longs(100_000, 1, 50).toArray());
    double[] one =
        Seeds.withThreads(1, () -> Arithmetic.of(Arithmetic.Operation.POWER, a, b).toDoubles());
    for (int threads : new int[] {2, 7}) {
      assertThat(
              Seeds.withThreads(
                  threads, () -> Arithmetic.of(Arithmetic.Operation.POWER, a, b).toDoubles()))
          .isEqualTo(one);
    }
  }

  @Test
  void joinsArePairsOfEqualKeys() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          long[] a = random.longs(40, 0, 15).toArray();
          long[] b = random.longs(30, 5, 20).toArray();
          List<Column> left = List.of(NumericColumn.of(a));
          List<Column> right = List.of(NumericColumn.of(b));
          var inner = Join.of(left, right, Join.How.INNER);
          int n = 0;
          for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
              if (a[i] == b[j]) {
                assertThat(inner.left()[n]).isEqualTo(i);
                assertThat(inner.right()[n++]).isEqualTo(j);
              }
            }
          }
          assertThat(inner.left()).hasSize(n);
          long lonely =
              Arrays.stream(a).filter(v -> Arrays.stream(b).noneMatch(w -> w == v)).count();
          long others =
              Arrays.stream(b).filter(w -> Arrays.stream(a).noneMatch(v -> v == w)).count();
          assertThat(Join.of(left, right, Join.How.LEFT).left()).hasSize((int) (n + lonely));
          assertThat(Join.of(left, right, Join.How.RIGHT).right()).hasSize((int) (n + others));
          assertThat(Join.of(left, right, Join.How.OUTER).right())
              .hasSize((int) (n + lonely + others));
        });
  }
}
