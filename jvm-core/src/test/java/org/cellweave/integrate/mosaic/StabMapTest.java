package org.cellweave.integrate.mosaic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.FeatureBlock;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicParts;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

class StabMapTest {
  /**
   * Cells in a plane, three of each place, seen through random features of three kinds, a little
   * noise on each.
   */
  private static final class Plane {
    private final double[][] places;
    private final double[][][] seen = new double[3][][];

    Plane(int n, int features, double noise, long seed) {
      var random = new SplittableRandom(seed);
      places = new double[n][];
      for (int i = 0; i < n; i++) {
        places[i] =
            i < n / 3
                ? new double[] {random.nextDouble() * 4 - 2, random.nextDouble() * 2 - 1}
                : places[i - n / 3];
      }
      for (int m = 0; m < 3; m++) {
        double[][] ways = new double[features][];
        for (int f = 0; f < features; f++) {
          double angle = random.nextDouble() * 2 * Math.PI;
          ways[f] = new double[] {Math.cos(angle), Math.sin(angle)};
        }
        seen[m] = new double[n][features];
        for (int i = 0; i < n; i++) {
          for (int f = 0; f < features; f++) {
            seen[m][i][f] =
                ways[f][0] * places[i][0]
                    + ways[f][1] * places[i][1]
                    + noise * (random.nextDouble() - 0.5);
          }
        }
      }
    }

    private FeatureBlock block(int m, int[] cells) {
      double[][] rows = Arrays.stream(cells).mapToObj(i -> seen[m][i]).toArray(double[][]::new);
      String[] names = new String[rows[0].length];
      Arrays.setAll(names, f -> "f" + f);
      return new FeatureBlock("kind" + m, DenseMatrix.ofRows(rows), names, cells);
    }

    /** Thirds of the cells: kind 0; kinds 0 and 1; kinds 1 and 2: a chain of two steps. */
    IntegrationInput chain() {
      int n = places.length / 3;
      int[] codes = IntStream.range(0, 3 * n).map(i -> i / n).toArray();
      return new IntegrationInput(
          List.of(
              block(0, IntStream.range(0, 2 * n).toArray()),
              block(1, IntStream.range(n, 3 * n).toArray()),
              block(2, IntStream.range(2 * n, 3 * n).toArray())),
          List.of(new Categories("batch", codes, new String[] {"a", "b", "c"})),
          List.of());
    }
  }

  private static StabMap.Params.Builder of(String... references) {
    return StabMap.Params.builder().references(List.of(references)).nComps(2);
  }

  private static StabMap.Result run(IntegrationInput input, StabMap.Params params) {
    return StabMap.run(input, null, params, Progress.NONE);
  }

  @Test
  void cellsOfOnePlaceMeetOverTwoSteps() {
    Seeds.forEach(
        20,
        seed -> {
          var plane = new Plane(150, 6, 0.01, seed);
          for (var solver : StabMap.Solver.values()) {
            var made = run(plane.chain(), of("a").solver(solver).build()).embedding();
            double extent = Arrays.stream(made.column(0)).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < 50; i++) {
              for (int d = 0; d < 2; d++) {
                double place = made.get(i, d);
                assertThat(made.get(50 + i, d)).isCloseTo(place, within(0.05 * extent));
                assertThat(made.get(100 + i, d)).isCloseTo(place, within(0.05 * extent));
              }
            }
          }
        });
  }

  @Test
  void stepsAreTold() {
    var made = run(new Plane(90, 5, 0.1, 1).chain(), of("a").build());
    assertThat(made.steps().stream().map(s -> s.from() + ">" + s.to() + " " + s.features()))
        .containsExactly("a>b 5", "a>b 5", "b>c 5");
    assertThat(made.dimensions()).containsExactly("a_PC1", "a_PC2");
    assertThat(made.topology().shared()).isEqualTo(new int[][] {{5, 5, 0}, {5, 10, 5}, {0, 5, 10}});
    assertThat(made.part()).startsWith(0, 0).endsWith(2);
  }

  @Test
  void blocksOfSeveralReferencesWeighTheSame() {
    var made = run(new Plane(90, 5, 0.1, 1).chain(), of().build());
    assertThat(made.dimensions()).hasSize(6);
    for (int from = 0; from < 6; from += 2) {
      double sum = 0;
      for (int d = from; d < from + 2; d++) {
        sum += Arrays.stream(made.embedding().column(d)).map(Math::abs).sum();
        assertThat(Arrays.stream(made.embedding().column(d)).sum()).isCloseTo(0, within(1e-9));
      }
      assertThat(sum).isCloseTo(90, within(1e-9));
    }
  }

  @Test
  void sparseIsAsDense() {
    var dense = new Plane(150, 6, 0.3, 4).chain();
    var blocks = new ArrayList<FeatureBlock>();
    for (var block : dense.blocks()) {
      blocks.add(
          new FeatureBlock(block.name(), block.x().toCsr(), block.features(), block.cells()));
    }
    var sparse = new IntegrationInput(blocks, dense.batches(), List.of());
    double[] one = run(dense, of().build()).embedding().doubleData();
    double[] two = run(sparse, of().build()).embedding().doubleData();
    for (int i = 0; i < one.length; i++) {
      assertThat(two[i]).isCloseTo(one[i], within(1e-8));
    }
  }

  @Test
  void sameBitsForAnyNumberOfThreads() {
    var input = new Plane(900, 6, 0.3, 4).chain();
    for (var solver : StabMap.Solver.values()) {
      var params = of().solver(solver).build();
      double[] one = Seeds.withThreads(1, () -> run(input, params).embedding().doubleData());
      for (int threads : new int[] {2, 7}) {
        assertThat(Seeds.withThreads(threads, () -> run(input, params).embedding().doubleData()))
            .isEqualTo(one);
      }
    }
  }

  /** Within groups the signal has a variance of 2 / 6, and the noise does not go with it. */
  @Test
  void aDiscriminantIsMeasuredInDeviationsWithinGroups() {
    double[][] rows = new double[16][];
    for (int i = 0; i < 16; i++) {
      rows[i] = new double[] {(i % 8 < 4 ? -1 : 1) + (i % 2 - 0.5), (i % 4) / 2 == 0 ? 0 : 1};
    }
    var block =
        new FeatureBlock("x", DenseMatrix.ofRows(rows), new String[] {"signal", "noise"}, null);
    var sets = Categories.of("batch", IntStream.range(0, 16).map(i -> i / 8).toArray());
    var labels = Categories.of("type", IntStream.range(0, 16).map(i -> i % 8 / 4).toArray());
    var input = new IntegrationInput(List.of(block), List.of(sets), List.of());
    var params = of("0").reweight(false).build();
    var made = StabMap.run(input, labels, params, Progress.NONE);
    assertThat(made.dimensions()).containsExactly("0_PC1", "0_PC2", "0_LD1");
    double[] ld = made.embedding().column(2);
    assertThat(Math.abs(ld[0] - ld[1])).isCloseTo(Math.sqrt(3), within(1e-9));
    assertThat(Math.abs(ld[0] - ld[4])).isCloseTo(2 * Math.sqrt(3), within(1e-9));
    assertThat(ld[0] - ld[2]).isCloseTo(0, within(1e-9));
  }

  @Test
  void cellsOfABatchThatDifferInTheirBlocksArePartsOfTheirOwn() {
    var plane = new Plane(60, 4, 0.1, 2);
    var blocks =
        List.of(
            plane.block(0, IntStream.range(0, 60).toArray()),
            plane.block(1, IntStream.range(20, 60).toArray()));
    int[] codes = IntStream.range(0, 60).map(i -> i < 40 ? 0 : 1).toArray();
    var batch = new Categories("batch", codes, new String[] {"x", "y"});
    var topology = MosaicTopology.of(new IntegrationInput(blocks, List.of(batch), List.of()));
    assertThat(topology.names()).containsExactly("x (kind0)", "x (kind0, kind1)", "y");
    assertThat(topology.sizes()).containsExactly(20, 20, 20);
  }

  @Test
  void featuresOfTwoKindsMayBearOneName() {
    var topology = MosaicTopology.of(new Plane(30, 4, 0.1, 2).chain());
    assertThat(topology.shared()[0][2]).isZero();
  }

  @Test
  void thePathFollowsSharedFeatures() {
    int[][] shared = {{9, 1, 8}, {1, 9, 8}, {8, 8, 16}};
    var topology =
        new MosaicTopology(
            new String[] {"a", "b", "c"}, new int[] {5, 5, 5}, new int[] {9, 9, 16}, shared);
    assertThat(topology.pathsFrom(0, MosaicTopology.Paths.FEWEST)[1]).containsExactly(0, 1);
    assertThat(topology.pathsFrom(0, MosaicTopology.Paths.MOST_SHARED)[1]).containsExactly(0, 2, 1);
  }

  @Test
  void aReferenceIsWhatItsFeaturesSay() {
    var input = new Plane(90, 5, 0.1, 1).chain();
    var some = List.of("f0", "f1", "f3");
    var made = run(input, of("a").features(Map.of("a", some)).reweight(false).build());
    int[] a = IntStream.range(0, 30).toArray();
    var alone =
        new FeatureBlock(
            "kind0",
            input.blocks().get(0).x().takeCols(new int[] {0, 1, 3}),
            some.toArray(new String[0]),
            input.blocks().get(0).cells());
    var blocks = List.of(alone, input.blocks().get(1), input.blocks().get(2));
    var without = new IntegrationInput(blocks, input.batches(), List.of());
    var expected = run(without, of("a").reweight(false).build());
    for (int i : a) {
      assertThat(made.embedding().get(i, 0) - made.embedding().get(0, 0))
          .isCloseTo(expected.embedding().get(i, 0) - expected.embedding().get(0, 0), within(1e-9));
    }
    // the regressions may use the other features, too
    assertThat(made.steps().get(0).features()).isEqualTo(5);
  }

  /**
   * Kind 0 of all, kind 1 of the last two; the way to c leads over b, which shares more with it.
   */
  private static IntegrationInput overlapping() {
    var plane = new Plane(90, 5, 0.1, 1);
    int[] codes = IntStream.range(0, 90).map(i -> i / 30).toArray();
    return new IntegrationInput(
        List.of(
            plane.block(0, IntStream.range(0, 90).toArray()),
            plane.block(1, IntStream.range(30, 90).toArray()),
            plane.block(2, IntStream.range(30, 90).toArray())),
        List.of(new Categories("batch", codes, new String[] {"a", "b", "c"})),
        List.of());
  }

  @Test
  void stepsMayBeRestrictedToFeaturesOfTheReference() {
    var input = overlapping();
    var free = run(input, of("b").build());
    assertThat(free.steps().stream().map(s -> s.to() + s.features())).containsExactly("a5", "c15");
    var some = Map.of("b", List.of("f0", "f1"));
    var strict = run(input, of("b").features(some).restrictFeatures(true).build());
    // names of all kinds that bear them
    assertThat(strict.steps().stream().map(s -> s.to() + s.features())).containsExactly("a2", "c6");
    assertThat(run(input, of("b").restrictFeatures(true).build()).embedding().doubleData())
        .as("a neighbour shares features of the reference alone")
        .isEqualTo(free.embedding().doubleData());
    refused(
        new Plane(90, 5, 0.1, 1).chain(),
        of("a").restrictFeatures(true).build(),
        "all features that 'b' shares with 'c'",
        "not among those of the reference 'a'",
        "restrictFeatures");
  }

  @Test
  void predictedCellsOfAReferenceAreLikeTheOthers() {
    var input = new Plane(90, 5, 0.4, 1).chain();
    var own = run(input, of("b").build());
    var predicted = run(input, of("b").projectAll(true).build());
    assertThat(predicted.steps().stream().map(s -> s.from() + ">" + s.to()))
        .containsExactly("b>a", "b>b", "b>c");
    assertThat(predicted.embedding().doubleData()).isNotEqualTo(own.embedding().doubleData());
  }

  @Test
  void aDecompositionServesAllThatNeedIt() {
    List<String> made = new ArrayList<>();
    var kept = new Decompositions<String>(s -> s.length(), 8);
    IntConsumer of =
        part ->
            assertThat(
                    kept.of(
                        part,
                        new int[] {part, 7},
                        () -> {
                          made.add("p" + part);
                          return "four";
                        }))
                .isEqualTo("four");
    of.accept(1);
    of.accept(2);
    of.accept(1);
    assertThat(made).containsExactly("p1", "p2");
    of.accept(3);
    assertThat(made).containsExactly("p1", "p2", "p3");
    of.accept(1);
    assertThat(made).as("the one used last stays").hasSize(3);
    of.accept(2);
    assertThat(made).as("the one not used for longest went").hasSize(4);
    assertThat(kept.of(9, new int[0], () -> "larger than all")).isEqualTo("larger than all");
  }

  @Test
  void blocksAreBroughtToTheirWeights() {
    var made = run(new Plane(90, 5, 0.1, 1).chain(), of().reweight(false).build()).embedding();
    int[] block = {0, 0, 1, 1, 2, 2};
    var even = BlockWeights.run(made, block, new double[] {1, 1, 1});
    double[] once = run(new Plane(90, 5, 0.1, 1).chain(), of().build()).embedding().doubleData();
    assertThat(even.doubleData()).isEqualTo(once);
    var uneven = BlockWeights.run(made, block, new double[] {1, 0, 3});
    assertThat(uneven.column(0)).isEqualTo(even.column(0));
    assertThat(uneven.column(2)).containsOnly(0, -0.0);
    assertThat(uneven.get(4, 5)).isCloseTo(3 * even.get(4, 5), within(1e-12));
    assertThatThrownBy(() -> BlockWeights.run(made, block, new double[] {1, -1, 1}))
        .hasMessageContaining("weights must not be negative, got -1.0");
    assertThatThrownBy(() -> BlockWeights.run(made, block, new double[] {1, 1}))
        .hasMessageContaining("block");
  }

  /** Features of a alone, of a and b, of b and c, of c alone. */
  @Test
  void featuresThatJustThesePartsHaveAreCounted() {
    var made = FeatureIntersections.of(new Plane(90, 5, 0.1, 1).chain());
    assertThat(made.intersections().stream().map(i -> i.of() + " " + i.size()))
        .containsExactly("{0, 1} 5", "{1, 2} 5", "{2} 5");
    var all = FeatureIntersections.of(overlapping());
    assertThat(all.intersections().stream().map(i -> i.of() + " " + i.size()))
        .containsExactly("{1, 2} 10", "{0, 1, 2} 5");
    assertThat(all.topology().names()).containsExactly("a", "b", "c");
  }

  @Test
  void cellsOfPartsAreKnownByName() {
    var parts = MosaicParts.cells(new Plane(90, 5, 0.1, 1).chain(), "test");
    assertThat(parts.keySet()).containsExactly("a", "b", "c");
    assertThat(parts.get("b")).isEqualTo(IntStream.range(30, 60).toArray());
  }

  // messages --------------------------------------------------------------------------------------

  private static void refused(IntegrationInput input, StabMap.Params params, String... parts) {
    assertThatThrownBy(() -> run(input, params))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void partsThatNothingJoinsAreNamed() {
    var plane = new Plane(30, 4, 0.1, 2);
    var blocks =
        List.of(
            plane.block(0, IntStream.range(0, 10).toArray()),
            plane.block(1, IntStream.range(10, 30).toArray()));
    int[] codes = IntStream.range(0, 30).map(i -> i / 10).toArray();
    var batch = new Categories("batch", codes, new String[] {"a", "b", "c"});
    refused(
        new IntegrationInput(blocks, List.of(batch), List.of()),
        of().build(),
        "[b, c]",
        "share none with [a]");
  }

  @Test
  void allGroupsOfPartsAreNamedAndNamesThatAreAlmostTheSame() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 5}});
    var batch = Categories.of("batch", 0, 0, 1, 1, 2, 2);
    var blocks =
        List.of(
            new FeatureBlock("rna", x, new String[] {"CD4", "CD8"}, new int[] {0, 1}),
            new FeatureBlock("atac", x, new String[] {"p1", "p2"}, new int[] {2, 3}),
            new FeatureBlock("adt", x, new String[] {"cd4", "cd3"}, new int[] {4, 5}));
    refused(
        new IntegrationInput(blocks, List.of(batch), List.of()),
        of().build(),
        "[1], [2] share none with [0] nor among each other",
        "'rna: CD4' and 'adt: cd4' are not the same: names count as they are written");
  }

  @Test
  void unknownFeaturesOfAReferenceAreNamed() {
    var input = new Plane(30, 4, 0.1, 2).chain();
    refused(
        input,
        of("a").features(Map.of("a", List.of("f0", "f9"))).build(),
        "features of 'a' must be features that it has, but ['f9'] is not there");
    refused(
        input,
        of("a").features(Map.of("A", List.of("f0"))).build(),
        "features must be names",
        "'A'");
  }

  @Test
  void anUnknownReferenceIsNamed() {
    refused(new Plane(30, 4, 0.1, 2).chain(), of("A").build(), "'A'", "[a, b, c]");
  }

  @Test
  void namesOfFeaturesAreNeededOnce() {
    var x = DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 5}, {1, 1}, {2, 2}});
    var batch = Categories.of("batch", 0, 0, 1, 1);
    refused(IntegrationInput.of("X", x, batch), of().build(), "X has none", "features");
    var twice = new FeatureBlock("X", x, new String[] {"CD4", "CD4"}, null);
    refused(
        new IntegrationInput(List.of(twice), List.of(batch), List.of()),
        of().build(),
        "'CD4' twice");
  }

  @Test
  void aPartNeedsTwoCells() {
    var plane = new Plane(30, 4, 0.1, 2);
    int[] codes = IntStream.range(0, 30).map(i -> i == 0 ? 0 : 1).toArray();
    var batch = new Categories("batch", codes, new String[] {"lone", "rest"});
    var input =
        new IntegrationInput(
            List.of(plane.block(0, IntStream.range(0, 30).toArray())), List.of(batch), List.of());
    refused(input, of().build(), "'lone' has 1; leave it out");
    int[] two = IntStream.range(0, 30).map(i -> Math.min(i, 2)).toArray();
    var sets = new Categories("batch", two, new String[] {"one", "two", "rest"});
    refused(
        new IntegrationInput(input.blocks(), List.of(sets), List.of()),
        of().build(),
        "'one', 'two' have 1; leave them out");
  }

  @Test
  void aCellWithoutABlockIsNamed() {
    var plane = new Plane(30, 4, 0.1, 2);
    var batch = Categories.of("batch", IntStream.range(0, 30).map(i -> i / 15).toArray());
    var input =
        new IntegrationInput(
            List.of(plane.block(0, IntStream.range(0, 29).toArray())), List.of(batch), List.of());
    refused(input, of().build(), "cell 29 is in no block");
  }

  @Test
  void fewerComponentsAreTold() {
    var made = run(new Plane(90, 5, 0.1, 1).chain(), of("a").nComps(9).build());
    assertThat(made.warnings()).hasSize(1).first().asString().contains("'a' has 5 components");
  }
}
