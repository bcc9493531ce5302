package org.cellweave.neural.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.testing.NumberedCells;
import org.cellweave.testing.Seeds;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** The loop around an engine that says what it is told to say. */
class TrainerTest {
  private static final NeuralModule MODULE =
      new NeuralModule() {
        @Override
        public Parameters parameters() {
          return new Parameters(0);
        }

        @Override
        public Loss loss(Graph graph) {
          throw new UnsupportedOperationException();
        }
      };

  /** An engine whose validation follows a script, epoch by epoch. */
  private static final class Scripted implements TrainingBackend, TrainingBackend.Factory {
    private final double[] validation;
    private final List<Step> steps = new ArrayList<>();
    private final List<Float> drawn = new ArrayList<>();
    private final List<int[]> fed = new ArrayList<>();
    private boolean ownThreads;
    private int validated;
    private int brought;
    private double reconstruction = 10;

    Scripted(double... validation) {
      this.validation = validation;
    }

    @Override
    public List<Loss.Term> trainingTerms() {
      return List.of(
          new Loss.Term("reconstruction_loss", Loss.Part.RECONSTRUCTION, null, 0.5, false),
          new Loss.Term("log_p", Loss.Part.RECONSTRUCTION, null, -1, false),
          new Loss.Term("kl_local", Loss.Part.KL, null, 1, true),
          new Loss.Term("classification_loss", Loss.Part.EXTRA, null, 50, false));
    }

    @Override
    public List<Loss.Term> evaluationTerms() {
      return List.of(
          new Loss.Term("reconstruction_loss", Loss.Part.RECONSTRUCTION, null, 0, false));
    }

    @Override
    public double[] step(Minibatch minibatch, Step step) {
      steps.add(step);
      float[] out = new float[1];
      step.noise().normal(0, out, 1);
      drawn.add(out[0]);
      fed.add(NumberedCells.in(minibatch, View.CELLS));
      int n = minibatch.cells(View.CELLS);
      return new double[] {reconstruction, 2, n, n};
    }

    @Override
    public boolean hasOwnThreads() {
      return ownThreads;
    }

    @Override
    public double[] evaluate(Minibatch minibatch, Noise noise) {
      return new double[] {validation[Math.min(validated++, validation.length - 1)]};
    }

    @Override
    public void bringWeights() {
      brought++;
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of();
    }

    @Override
    public void restore(Map<String, float[]> moments) {}

    @Override
    public void close() {}

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public String device() {
      return "nothing";
    }

    @Override
    public TrainingBackend open(NeuralModule module, Optimizer optimizer) {
      return this;
    }
  }

  private static Trainer.Result run(Scripted engine, Training.Builder settings) {
    Split split = new Split(IntStream.range(0, 14).toArray(), IntStream.range(14, 18).toArray());
    Training built = settings.batchSize(10).build();
    var feed = new CellFeed(NumberedCells.of(18), split, 10, built.seed());
    return Trainer.run(MODULE, feed, built, engine, "test", Progress.NONE);
  }

  @Test
  void historyByHand() {
    var settings = Training.builder().maxEpochs(3).warmup(new Warmup(4, 0, 0, 1));
    History history = run(new Scripted(), settings).history();
    // minibatches of 10 and 4 cells, whose divergence is as large as they are
    double kl = (10 * 10 + 4 * 4) / 14.0;
    assertThat(history.get("reconstruction_loss_train")).containsExactly(8, 8, 8);
    assertThat(history.get("kl_local_train")[1]).isCloseTo(kl, within(1e-12));
    assertThat(history.get("elbo_train")[1]).isCloseTo(8 + kl, within(1e-12));
    assertThat(history.get("classification_loss_train")[2]).isCloseTo(kl, within(1e-12));
    assertThat(history.get("kl_weight")).containsExactly(0, 0.25, 0.5);
    assertThat(history.get("train_loss_epoch")[2])
        .isCloseTo(0.5 * 10 - 2 + 0.5 * kl + 50 * kl, within(1e-9));
    assertThat(history.get("learning_rate")).containsExactly(1e-3, 1e-3, 1e-3);
    assertThat(history.has("elbo_validation")).isFalse();
  }

  @Test
  void minibatchesReadAheadAreTheSame() {
    var settings = Training.builder().maxEpochs(3).seed(5);
    var engine = new Scripted();
    run(engine, settings);
    var ahead = new Scripted();
    ahead.ownThreads = true;
    for (int threads : new int[] {1, 2}) {
      ahead.fed.clear();
      Seeds.withThreads(threads, () -> run(ahead, settings));
      assertThat(ahead.fed).hasSize(6).usingRecursiveComparison().isEqualTo(engine.fed);
    }
  }

  @Test
  void reconstructionCountsInTheHistoryWhateverItsWeight() {
    var engine = new Scripted(7);
    var settings = Training.builder().maxEpochs(1).checkValEveryNEpoch(1);
    History history = run(engine, settings).history();
    assertThat(history.get("elbo_validation")).containsExactly(7);
    assertThat(history.get("validation_loss")).containsExactly(0);
  }

  @Test
  void stepsAreCountedOverEpochsAndDrawAnew() {
    var engine = new Scripted();
    run(engine, Training.builder().maxEpochs(3).seed(5));
    assertThat(engine.steps.stream().map(Step::number)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(engine.drawn).doesNotHaveDuplicates();
    var again = new Scripted();
    run(again, Training.builder().maxEpochs(3).seed(5));
    assertThat(again.drawn).isEqualTo(engine.drawn);
    var other = new Scripted();
    run(other, Training.builder().maxEpochs(3).seed(6));
    assertThat(other.drawn).isNotEqualTo(engine.drawn);
    assertThat(engine.brought).isEqualTo(1);
  }

  @Test
  void validatesEveryFewEpochs() {
    var engine = new Scripted(1, 2, 3);
    var settings = Training.builder().maxEpochs(5).checkValEveryNEpoch(2);
    History history = run(engine, settings).history();
    assertThat(history.get("elbo_validation"))
        .containsExactly(Double.NaN, 1, Double.NaN, 2, Double.NaN);
  }

  @Test
  void warmsUpOverSteps() {
    var engine = new Scripted();
    run(engine, Training.builder().maxEpochs(2).warmup(new Warmup(0, 4, 0, 1)));
    assertThat(engine.steps.stream().map(Step::warmUp)).containsExactly(0.0, 0.25, 0.5, 0.75);
  }

  private static int epochs(EarlyStopping stopping, double... validation) {
    var settings = Training.builder().maxEpochs(validation.length).earlyStopping(stopping);
    return run(new Scripted(validation), settings).history().epochs();
  }

  @Test
  void stopsAfterEpochsWithoutAFall() {
    var two = new EarlyStopping("elbo_validation", 2, 0, 0);
    assertThat(epochs(two, 5, 4, 3, 3, 3, 3, 3)).isEqualTo(5);
    assertThat(epochs(two, 5, 4, 4, 3, 3, 2, 2)).isEqualTo(7);
    var large = new EarlyStopping("elbo_validation", 2, 0.5, 0);
    assertThat(epochs(large, 5, 4.8, 4.6, 4, 4, 4)).isEqualTo(3);
    var late = new EarlyStopping("elbo_validation", 2, 0, 3);
    assertThat(epochs(late, 1, 2, 2, 2, 2, 2, 2)).isEqualTo(6);
    var settings = Training.builder().maxEpochs(9).earlyStopping(two);
    assertThat(run(new Scripted(1, 2), settings).stoppedEarly()).isTrue();
    settings = Training.builder().maxEpochs(2).earlyStopping(two);
    assertThat(run(new Scripted(2, 1), settings).stoppedEarly()).isFalse();
  }

  @Test
  void lowersTheRateWhenPatienceIsOver() {
    var plateau = new Plateau("elbo_validation", 0.5, 2, 0, 3e-4);
    var settings = Training.builder().maxEpochs(12).plateau(plateau);
    // the best in epoch 1; three epochs without a fall, then three more
    double[] rates = run(new Scripted(5, 4), settings).history().get("learning_rate");
    assertThat(rates)
        .containsExactly(1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 5e-4, 5e-4, 5e-4, 3e-4, 3e-4, 3e-4, 3e-4);
  }

  @Test
  void epochsAreThoseOfTheNumberOfCellsWhereNoneAreSet() {
    assertThat(run(new Scripted(), Training.builder()).history().epochs()).isEqualTo(400);
  }

  @Test
  void saysWhenTheObjectiveIsNoNumber() {
    var engine = new Scripted();
    engine.reconstruction = Double.NaN;
    assertThatThrownBy(() -> run(engine, Training.builder().maxEpochs(2)))
        .isInstanceOf(ConvergenceException.class)
        .hasMessageStartingWith("the objective is no longer a number in epoch 1, step 1. Use a")
        .hasMessageContaining("(lr, now 0.001)");
    assertThat(engine.brought).isEqualTo(1);
  }

  @Test
  void anInterruptEndsItAndKeepsTheWeights() {
    var engine = new Scripted();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> run(engine, Training.builder().maxEpochs(2)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(engine.brought).isEqualTo(1);
    assertThat(engine.steps).isEmpty();
  }
}
