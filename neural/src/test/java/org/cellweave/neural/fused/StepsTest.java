package org.cellweave.neural.fused;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.util.Parallel;
import org.junit.jupiter.api.Test;

class StepsTest {
  private static final Optimizer PLAIN = new Optimizer(0.9, 0.999, 1e-8, 0, false);
  private static final Noise NOISE = Noise.of(1, 0);

  /** Mean over all values of x^2. */
  private record MeanSquare(int size) implements Operation {
    @Override
    public void forward(float[][] inputs, float[] out) {
      double sum = 0;
      for (int k = 0; k < size; k++) {
        sum += inputs[0][k] * inputs[0][k];
      }
      out[0] = (float) (sum / size);
    }

    @Override
    public void back(float[][] inputs, float[] out, float[] outGradient, float[][] into) {
      for (int k = 0; k < size; k++) {
        into[0][k] += 2 * inputs[0][k] * outGradient[0] / size;
      }
    }
  }

  private final Parameters parameters = new Parameters(3);
  private final Parameter first = parameters.constant("first", 1, 2, 0);
  private final Parameter second = parameters.constant("second", 1, 1, 0);

  StepsTest() {
    first.values()[0] = 1;
    first.values()[1] = 2;
    second.values()[0] = 3;
  }

  private List<Loss.Term> objective(LayerTape tape) {
    Node x = tape.values(2, 2, new float[] {1, 0, 1, 1});
    Node y = tape.times(tape.times(x, first), second);
    return List.of(
        new Loss.Term("square", Loss.Part.EXTRA, square(tape, y, tape.rows(y)), 2, false));
  }

  private static Node square(LayerTape tape, Node y, int size) {
    return tape.apply(1, 1, new MeanSquare(size), y);
  }

  @Test
  void gradientsByHand() {
    try (var steps = new Steps(PLAIN)) {
      // y = 3 (1, 3): the mean of squares is 45, weighed twice
      double[] values = steps.gradients(List.of(first, second), NOISE, this::objective);
      assertArrayEquals(new double[] {45}, values);
      // by y: 2 * 2 * y / 2 = (6, 18); by the hidden unit: (18, 54)
      assertArrayEquals(new float[] {72, 54}, steps.gradient(first));
      assertArrayEquals(new float[] {60}, steps.gradient(second));
    }
  }

  @Test
  void gradientsPassThroughWhatIsNotTrained() {
    try (var steps = new Steps(PLAIN)) {
      steps.gradients(List.of(first), NOISE, this::objective);
      assertArrayEquals(new float[] {72, 54}, steps.gradient(first));
      assertNull(steps.gradient(second));
    }
  }

  @Test
  void gradientsEndWhereTheyAreDetached() {
    try (var steps = new Steps(PLAIN)) {
      steps.gradients(
          List.of(first, second),
          NOISE,
          tape -> {
            Node x = tape.values(1, 2, new float[] {1, 1});
            Node y = tape.times(tape.detach(tape.times(x, first)), second);
            return List.of(new Loss.Term("square", Loss.Part.EXTRA, square(tape, y, 1), 1, false));
          });
      assertArrayEquals(new float[2], steps.gradient(first));
      assertArrayEquals(new float[] {54}, steps.gradient(second));
    }
  }

  @Test
  void operationsReadParameters() {
    try (var steps = new Steps(PLAIN)) {
      // the mean of squares of (1, 2), and of 3 beside it
      double[] values =
          steps.gradients(
              List.of(first),
              NOISE,
              tape ->
                  List.of(
                      term(square(tape, tape.parameter(first), 2)),
                      term(square(tape, tape.parameter(second), 1))));
      assertArrayEquals(new double[] {2.5, 9}, values);
      assertArrayEquals(new float[] {1, 2}, steps.gradient(first));
      assertNull(steps.gradient(second));
    }
  }

  private static Loss.Term term(Node value) {
    return new Loss.Term("square", Loss.Part.EXTRA, value, 1, false);
  }

  @Test
  void aStepMovesTheChosenAlone() {
    try (var steps = new Steps(PLAIN)) {
      steps.step(List.of(second), NOISE, 0.1, 0, this::objective);
      assertArrayEquals(new float[] {1, 2}, first.values());
      assertEquals(2.9, second.values()[0], 1e-6);
    }
  }

  @Test
  void gradientsAreCutTogether() {
    // a step of Adam does not tell the length of a gradient; its second moment does
    try (var steps = new Steps(PLAIN)) {
      steps.step(List.of(first, second), NOISE, 0.1, 5, this::objective);
      double norm = Math.sqrt(72 * 72 + 54 * 54 + 60 * 60);
      float[] moment = steps.moments().get("second:first");
      assertEquals(0.1 * 60 * 5 / norm, moment[0], 1e-5);
    }
  }

  @Test
  void evaluationLeavesAllAsItIs() {
    try (var steps = new Steps(PLAIN)) {
      steps.evaluate(
          NOISE,
          tape -> {
            Node y = objective(tape).get(0).value();
            assertEquals(45, tape.read(y)[0]);
            assertEquals(false, tape.isTraining());
          });
    }
  }

  @Test
  void momentsAreRestored() {
    float[] expected;
    try (var steps = new Steps(PLAIN)) {
      steps.step(List.of(first, second), NOISE, 0.1, 0, this::objective);
      var moments = steps.moments();
      var weights = parameters.snapshot();
      steps.step(List.of(first, second), NOISE, 0.1, 0, this::objective);
      expected = first.values().clone();
      parameters.restore(weights);
      try (var again = new Steps(PLAIN)) {
        again.restore(parameters.all(), moments);
        again.step(List.of(first, second), NOISE, 0.1, 0, this::objective);
      }
    }
    assertArrayEquals(expected, first.values());
  }

  @Test
  void sameBitsForAnyThreads() {
    float[] one = trained(1);
    assertArrayEquals(one, trained(2));
    assertArrayEquals(one, trained(7));
  }

  private static float[] trained(int threads) {
    int before = Parallel.threads();
    Parallel.threads(threads);
    try (var steps = new Steps(PLAIN)) {
      var parameters = new Parameters(5);
      Parameter weight = parameters.uniform("w", 300, 200, 200);
      float[] x = new float[150 * 200];
      Noise.of(2, 0).normal(0, x, x.length);
      for (int k = 0; k < 3; k++) {
        steps.step(
            List.of(weight),
            Noise.of(4, k),
            0.01,
            1,
            tape -> {
              Node h = tape.dropout(tape.relu(tape.times(tape.values(150, 200, x), weight)), 0.2);
              return List.of(
                  new Loss.Term("square", Loss.Part.EXTRA, square(tape, h, 150 * 300), 1, false));
            });
      }
      assertTrue(steps.moments().containsKey("w:first"));
      return weight.values();
    } finally {
      Parallel.threads(before);
    }
  }
}
