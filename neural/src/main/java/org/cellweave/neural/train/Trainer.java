package org.cellweave.neural.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.View;
import org.cellweave.util.Check;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.FormatException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/** Trains a module epoch by epoch and keeps its history. */
public final class Trainer {
  private final NeuralModule module;
  private final Feed feed;
  private final Training settings;
  private final int epochs;
  private final Checkpoints checkpoints;
  private final Watch stopping;
  private final Watch plateau;
  private History history = new History();
  private Minibatch minibatch;

  /** Filled while an engine with threads of its own computes. */
  private Minibatch following;

  private double rate;
  private long steps;

  /**
   * What training ended with.
   *
   * @param history one number per epoch
   * @param stoppedEarly whether it ended before the last epoch
   */
  public record Result(History history, boolean stoppedEarly) {}

  private Trainer(NeuralModule module, Feed feed, Training settings, Checkpoints checkpoints) {
    this.module = module;
    this.feed = feed;
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.epochs =
        settings.maxEpochs() > 0
            ? settings.maxEpochs()
            : Training.epochsFor(feed.trainingCells() + feed.validationCells());
    EarlyStopping early = settings.earlyStopping();
    Plateau slow = settings.plateau();
    this.stopping = early == null ? null : new Watch(early.patience(), early.minDelta());
    this.plateau = slow == null ? null : new Watch(slow.patience() + 1, slow.threshold());
    this.minibatch = new Minibatch(feed.genes());
    this.following = new Minibatch(feed.genes());
    this.rate = settings.learningRate();
  }

  /** As the other {@code run}, without checkpoints. */
  public static Result run(
      NeuralModule module,
      Feed feed,
      Training settings,
      TrainingBackend.Factory engine,
      String name,
      Progress progress) {
    return run(module, feed, settings, engine, Checkpoints.NONE, name, progress);
  }

  /**
   * Trains in place: the module's parameters are those of the last epoch.
   *
   * @param engine that computes
   * @param checkpoints what to go on from, and where to keep the like
   * @param name what runs, for the progress: {@code scVI}
   * @throws ConvergenceException when the objective is no longer finite
   * @throws java.util.concurrent.CancellationException when the thread is interrupted; the weights
   *     are then those of the last whole step
   */
  public static Result run(
      NeuralModule module,
      Feed feed,
      Training settings,
      TrainingBackend.Factory engine,
      Checkpoints checkpoints,
      String name,
      Progress progress) {
    var trainer = new Trainer(module, feed, settings, checkpoints);
    trainer.checkWatched();
    Checkpoint from = checkpoints.latest();
    if (from != null) {
      trainer.restoreWeights(from);
    }
    try (TrainingBackend backend = engine.open(module, settings.optimizer())) {
      int epoch = from == null ? 0 : trainer.goOn(from, backend);
      return trainer.train(backend, epoch, name, progress);
    }
  }

  /** What is watched must be recorded: a name that is not would be waited for in vain. */
  private void checkWatched() {
    Set<String> known = new TreeSet<>(List.of("train_loss_epoch", "kl_weight", "learning_rate"));
    for (String part : List.of("elbo_", "reconstruction_loss_", "kl_local_")) {
      known.add(part + "train");
      known.add(part + "validation");
    }
    known.add("validation_loss");
    module.extraTerms().forEach(term -> known.add(term + "_train"));
    if (feed.measures() != null) {
      feed.measures().rename(known);
    }
    if (settings.earlyStopping() != null) {
      requireKnown(settings.earlyStopping().monitor(), known, "earlyStoppingMonitor");
    }
    if (settings.plateau() != null) {
      requireKnown(settings.plateau().monitor(), known, "monitor of the plateau");
    }
  }

  private static void requireKnown(String monitor, Set<String> known, String name) {
    if (!known.contains(monitor)) {
      throw new IllegalArgumentException(
          name
              + " must be a series of the history, one of "
              + known
              + ", got "
              + Quoted.of(monitor)
              + "."
              + Check.suggestion(monitor, known));
    }
  }

  private int goOn(Checkpoint from, TrainingBackend backend) {
    restoreMoments(from, backend);
    history = from.history();
    steps = from.steps();
    rate = from.rate();
    if (stopping != null) {
      stopping.restore(from.watches(), 0);
    }
    if (plateau != null) {
      plateau.restore(from.watches(), 2);
    }
    return from.epochs();
  }

  private void restoreWeights(Checkpoint from) {
    try {
      module.parameters().restore(from.weights());
    } catch (IllegalArgumentException e) {
      throw damaged("weights of the network");
    }
  }

  private static void restoreMoments(Checkpoint from, TrainingBackend backend) {
    try {
      backend.restore(from.moments());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged("moments of the optimiser");
    }
    if (!backend.moments().keySet().equals(from.moments().keySet())) {
      throw damaged("moments of the optimiser");
    }
  }

  private static FormatException damaged(String what) {
    return new FormatException(
        "the checkpoint holds other "
            + what
            + " than this training has; it is damaged. Delete it to train from the start");
  }

  private Result train(TrainingBackend backend, int begin, String name, Progress progress) {
    boolean stopped = false;
    try {
      for (int epoch = begin; epoch < epochs && !stopped; epoch++) {
        Map<String, Double> values = new LinkedHashMap<>();
        epoch(backend, epoch, values);
        int interval = settings.validationInterval();
        boolean validated =
            interval > 0 && (epoch + 1) % interval == 0 && feed.validationCells() > 0;
        if (validated) {
          validate(backend, epoch, values);
        }
        if (feed.measures() != null) {
          backend.bringWeights();
          feed.measures().complete(validated, values);
        }
        history.endEpoch(values);
        stopped = stops(epoch, values);
        lowerRate(values);
        if (!stopped) {
          keep(backend, epoch + 1);
        }
        progress.step(name, epoch + 1, epochs, values.get("elbo_train"));
      }
    } finally {
      backend.bringWeights();
    }
    checkpoints.finish();
    return new Result(history, stopped);
  }

  private void keep(TrainingBackend backend, int done) {
    int interval = checkpoints.interval();
    if (interval == 0 || done % interval != 0 || done == epochs) {
      return;
    }
    double[] watches = new double[4];
    if (stopping != null) {
      stopping.save(watches, 0);
    }
    if (plateau != null) {
      plateau.save(watches, 2);
    }
    backend.bringWeights();
    checkpoints.keep(
        new Checkpoint(
            done,
            steps,
            rate,
            watches,
            module.parameters().snapshot(),
            backend.moments(),
            history));
  }

  private boolean stops(int epoch, Map<String, Double> values) {
    return stopping != null
        && epoch >= settings.earlyStopping().warmupEpochs()
        && stopping.sees(values.get(settings.earlyStopping().monitor()));
  }

  private void lowerRate(Map<String, Double> values) {
    if (plateau != null && plateau.sees(values.get(settings.plateau().monitor()))) {
      rate = Math.max(settings.plateau().least(), rate * settings.plateau().factor());
      plateau.forget();
    }
  }

  private void epoch(TrainingBackend backend, int epoch, Map<String, Double> values) {
    feed.begin(epoch);
    Sums sums = new Sums();
    double warmUp = settings.warmup().weight(epoch, steps);
    int n = feed.steps();
    for (int s = 0; s < n; s++) {
      Parallel.checkInterrupted();
      if (s == 0 || !backend.hasOwnThreads()) {
        feed.step(epoch, s, minibatch);
      }
      warmUp = settings.warmup().weight(epoch, steps);
      steps++;
      var step = new Step(steps, rate, warmUp, Noise.of(settings.seed(), steps));
      boolean feedsAhead = backend.hasOwnThreads() && s + 1 < n;
      double[] terms =
          feedsAhead ? feedingAhead(backend, step, epoch, s + 1) : backend.step(minibatch, step);
      if (!Double.isFinite(sums.add(backend.trainingTerms(), terms, warmUp))) {
        throw diverged(epoch, s);
      }
      if (feedsAhead) {
        Minibatch used = minibatch;
        minibatch = following;
        following = used;
      }
    }
    sums.tell("train", values);
    values.put("train_loss_epoch", sums.loss());
    values.put("kl_weight", warmUp);
    values.put("learning_rate", rate);
  }

  /** One step, and beside it the minibatch of the next one. */
  private double[] feedingAhead(TrainingBackend backend, Step step, int epoch, int next) {
    double[][] terms = new double[1][];
    Parallel.forBlocks(
        2,
        block -> {
          if (block == 0) {
            terms[0] = backend.step(minibatch, step);
          } else {
            feed.step(epoch, next, following);
          }
        });
    return terms[0];
  }

  private ConvergenceException diverged(int epoch, int step) {
    return new ConvergenceException(
        "the objective is no longer a number in epoch "
            + (epoch + 1)
            + ", step "
            + (step + 1)
            + ". Use a smaller learning rate (lr, now "
            + rate
            + "), or leave out cells and genes with hardly a count");
  }

  private void validate(TrainingBackend backend, int epoch, Map<String, Double> values) {
    Sums sums = new Sums();
    double warmUp = settings.warmup().weight(epoch, Math.max(0, steps - 1));
    int n = feed.validationSteps();
    for (int s = 0; s < n; s++) {
      Parallel.checkInterrupted();
      feed.validation(s, minibatch);
      double[] terms =
          backend.evaluate(minibatch, Noise.of(~settings.seed(), (long) epoch * n + s));
      sums.add(backend.evaluationTerms(), terms, warmUp);
    }
    sums.tell("validation", values);
    values.put("validation_loss", sums.loss());
  }

  /** Sums of terms over cells: a small minibatch counts as little as it has cells. */
  private final class Sums {
    private final Map<String, Double> extra = new LinkedHashMap<>();
    private double loss;
    private double reconstruction;
    private double kl;
    private double cells;

    /** The objective of this minibatch alone. */
    double add(List<Loss.Term> terms, double[] values, double warmUp) {
      int n = minibatch.cells(View.CELLS);
      double sum = 0;
      for (int k = 0; k < values.length; k++) {
        Loss.Term term = terms.get(k);
        sum += term.weightAt(warmUp) * values[k];
        switch (term.part()) {
          // with its sign, but also where its weight in the objective is zero
          case RECONSTRUCTION -> reconstruction += (term.weight() < 0 ? -n : n) * values[k];
          case KL -> kl += values[k] * n;
          case EXTRA -> extra.merge(term.name(), values[k] * n, Double::sum);
        }
      }
      loss += sum * n;
      cells += n;
      return sum;
    }

    double loss() {
      return loss / cells;
    }

    void tell(String what, Map<String, Double> values) {
      values.put("elbo_" + what, (reconstruction + kl) / cells);
      values.put("reconstruction_loss_" + what, reconstruction / cells);
      values.put("kl_local_" + what, kl / cells);
      extra.forEach((name, sum) -> values.put(name + "_" + what, sum / cells));
    }
  }

  /** Counts epochs without a fall. */
  private static final class Watch {
    private final int patience;
    private final double threshold;
    private double best = Double.POSITIVE_INFINITY;
    private int waited;

    Watch(int patience, double threshold) {
      this.patience = patience;
      this.threshold = threshold;
    }

    /** Whether patience is at its end; an epoch without a value counts for nothing. */
    boolean sees(Double value) {
      if (value == null || value.isNaN()) {
        return false;
      }
      if (value < best - threshold) {
        best = value;
        waited = 0;
        return false;
      }
      return ++waited >= patience;
    }

    void forget() {
      waited = 0;
    }

    void save(double[] to, int at) {
      to[at] = best;
      to[at + 1] = waited;
    }

    void restore(double[] from, int at) {
      best = from[at];
      waited = (int) from[at + 1];
    }
  }
}
