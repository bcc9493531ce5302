package org.cellweave.neural.scmodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.files.Json;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Three steps beside the same in PyTorch, in float64 there; the script has the formulas. */
class ScmodalStepTest {
  private static final String FILE = "/reference/neural/scmodal.json";

  private final Map<?, ?> reference = read();

  private static Map<?, ?> read() {
    try (var in = ScmodalStepTest.class.getResourceAsStream(FILE)) {
      return (Map<?, ?>) Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static double[] numbers(Object list) {
    return ((List<?>) list).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }

  private int number(String name) {
    return ((Number) reference.get(name)).intValue();
  }

  @Test
  void termsWeightsAndPlacesAgree() {
    int[] cells = IntStream.of(0, 1).map(s -> (int) numbers(reference.get("cells"))[s]).toArray();
    int[] features =
        IntStream.of(0, 1).map(s -> (int) numbers(reference.get("features"))[s]).toArray();
    List<Scmodal.DataSet> sets = new ArrayList<>();
    List<Scaling> scalings = new ArrayList<>();
    for (int s = 0; s < 2; s++) {
      double[] values = numbers(((List<?>) reference.get("sets")).get(s));
      var x = DenseMatrix.wrap(values, cells[s], features[s]);
      sets.add(new Scmodal.DataSet("set" + s, x));
      scalings.add(Scaling.of(x));
    }
    int[] linked = IntStream.range(0, number("linked")).toArray();
    var links =
        new Scmodal.Links(sets.get(0).x().takeCols(linked), sets.get(1).x().takeCols(linked));
    var params =
        Scmodal.Params.builder()
            .batchSize(number("batch"))
            .nLatent(number("latent"))
            .nHidden(number("hidden"))
            .nNeighbors(number("neighbors"))
            .trainingSteps(3)
            .build();
    var networks = new Networks(features, params.nHidden(), params.nLatent(), 0);
    networks.parameters().restore(weights("before"));
    Training.Draws draws =
        (step, set, nCells, into) -> {
          Object drawn = ((List<?>) ((List<?>) reference.get("draws")).get(step)).get(set);
          double[] of = numbers(drawn);
          IntStream.range(0, into.length).forEach(k -> into[k] = (int) of[k]);
        };
    Losses losses;
    var input = new Scmodal.Input(sets, List.of(links));
    try (var training = new Training(input, params, scalings, networks, draws)) {
      losses = training.run(Progress.NONE);
    }
    for (int step = 0; step < 3; step++) {
      Map<?, ?> of = (Map<?, ?>) ((List<?>) reference.get("losses")).get(step);
      for (var term : losses.byName().entrySet()) {
        double expected = ((Number) of.get(term.getKey())).doubleValue();
        assertThat(term.getValue()[step])
            .as(term.getKey() + " of step " + step)
            .isCloseTo(expected, within(2e-5 * (1 + Math.abs(expected))));
      }
    }
    var after = weights("after");
    for (Parameter p : networks.parameters().all()) {
      for (int k = 0; k < p.values().length; k++) {
        assertThat(p.values()[k]).as(p.name()).isCloseTo(after.get(p.name())[k], within(2e-5f));
      }
    }
    var model = new ScmodalModel(List.of("set0", "set1"), scalings, networks, params);
    for (int s = 0; s < 2; s++) {
      double[] expected = numbers(((List<?>) reference.get("places")).get(s));
      float[] found = model.latent("set" + s, sets.get(s).x()).floatData();
      for (int k = 0; k < found.length; k++) {
        assertThat((double) found[k]).isCloseTo(expected[k], within(2e-4));
      }
    }
  }

  private Map<String, float[]> weights(String when) {
    Map<String, float[]> out = new LinkedHashMap<>();
    ((Map<?, ?>) reference.get(when))
        .forEach(
            (name, of) -> {
              double[] values = numbers(of);
              float[] narrow = new float[values.length];
              IntStream.range(0, narrow.length).forEach(k -> narrow[k] = (float) values[k]);
              out.put((String) name, narrow);
            });
    return out;
  }
}
