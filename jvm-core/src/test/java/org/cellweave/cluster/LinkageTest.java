package org.cellweave.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class LinkageTest {
  /** The methods whose distance is defined by the pairs of members. */
  private static final Linkage.Method[] BY_PAIRS = {
    Linkage.Method.COMPLETE, Linkage.Method.SINGLE, Linkage.Method.AVERAGE
  };

  /**
   * Every pair of clusters is looked at in every step; distances come from the items themselves.
   */
  private static List<Linkage.Step> slow(double[][] d, Linkage.Method method) {
    int n = d.length;
    List<List<Integer>> members = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(List.of(i));
      ids.add(i);
    }
    List<Linkage.Step> out = new ArrayList<>();
    for (int s = 0; s < n - 1; s++) {
      int[] best = null;
      double least = 0;
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          if (members.get(i).isEmpty() || members.get(j).isEmpty()) {
            continue;
          }
          double between = between(d, members.get(i), members.get(j), method);
          if (best == null || between < least) {
            best = new int[] {i, j};
            least = between;
          }
        }
      }
      var union = new ArrayList<>(members.get(best[0]));
      union.addAll(members.get(best[1]));
      int a = ids.get(best[0]);
      int b = ids.get(best[1]);
      out.add(new Linkage.Step(Math.min(a, b), Math.max(a, b), least, union.size()));
      members.set(best[0], List.of());
      members.set(best[1], union);
      ids.set(best[1], n + s);
    }
    return out;
  }

  private static double between(
      double[][] d, List<Integer> a, List<Integer> b, Linkage.Method method) {
    var pairs = a.stream().flatMapToDouble(i -> b.stream().mapToDouble(j -> d[i][j]));
    return switch (method) {
      case COMPLETE -> pairs.max().orElseThrow();
      case SINGLE -> pairs.min().orElseThrow();
      case AVERAGE -> pairs.average().orElseThrow();
      default -> throw new IllegalArgumentException(method + " has no definition by pairs");
    };
  }

  private static double[][] distances(int n, long seed, int levels) {
    var random = new SplittableRandom(seed);
    double[][] d = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        d[i][j] = levels == 0 ? random.nextDouble() : 1 + random.nextInt(levels);
        d[j][i] = d[i][j];
      }
    }
    return d;
  }

  @Test
  void mergesAsTheExhaustiveSearchDoes() {
    Seeds.forEach(
        20,
        seed -> {
          for (Linkage.Method method : BY_PAIRS) {
            double[][] d = distances(25, seed, 0);
            var expected = slow(d, method);
            var steps = Linkage.run(d, method);
            for (int s = 0; s < steps.length; s++) {
              assertThat(steps[s].left()).isEqualTo(expected.get(s).left());
              assertThat(steps[s].right()).isEqualTo(expected.get(s).right());
              assertThat(steps[s].count()).isEqualTo(expected.get(s).count());
              assertThat(Math.abs(steps[s].height() - expected.get(s).height())).isLessThan(1e-12);
            }
          }
        });
  }

  @Test
  void tiesGoToTheLowestPositions() {
    Seeds.forEach(
        20,
        seed -> {
          for (var method : List.of(Linkage.Method.COMPLETE, Linkage.Method.SINGLE)) {
            double[][] d = distances(15, seed, 3);
            assertThat(List.of(Linkage.run(d, method))).isEqualTo(slow(d, method));
          }
        });
  }
}
