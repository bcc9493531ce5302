package org.cellweave.neural.isolated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.NeuralModule;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.neural.train.Step;
import org.cellweave.neural.train.TrainingBackend;
import org.cellweave.util.Parallel;

/**
 * Trains a recorded module through an engine of another class loader. The engine is a function of a
 * verb and its arguments: {@code step}, {@code evaluate}, {@code weights}, {@code moments}, {@code
 * restore}, {@code close}.
 */
final class IsolatedBackend implements TrainingBackend {
  private final NeuralModule module;
  private final Recording recording;
  private final EngineLoader.Engine engine;

  /**
   * @param opening makes an engine of a {@link #description}
   */
  IsolatedBackend(
      NeuralModule module, Recording recording, Optimizer optimizer, EngineLoader.Opening opening) {
    this.module = module;
    this.recording = recording;
    this.engine = opening.open(description(recording, optimizer));
  }

  /** Everything an engine is told: operations, weights, terms, optimiser and threads. */
  static Map<String, Object> description(Recording recording, Optimizer optimizer) {
    List<Map<String, Object>> parameters = new ArrayList<>();
    for (Parameter p : recording.parameters()) {
      parameters.add(
          Map.of(
              "name", p.name(),
              "rows", p.rows(),
              "columns", p.cols(),
              "trainable", p.isTrainable(),
              "values", p.values().clone()));
    }
    List<Map<String, Object>> terms = new ArrayList<>();
    for (Loss.Term term : recording.terms()) {
      terms.add(
          Map.of(
              "operation", Recording.place(term.value()),
              "weight", term.weight(),
              "warmedUp", term.warmedUp()));
    }
    return Map.of(
        "width", recording.rows().width(),
        "operations", recording.operations(),
        "parameters", parameters,
        "terms", terms,
        "beta1", optimizer.beta1(),
        "beta2", optimizer.beta2(),
        "epsilon", optimizer.epsilon(),
        "weightDecay", optimizer.weightDecay(),
        "threads", Parallel.threads());
  }

  @Override
  public List<Loss.Term> trainingTerms() {
    return recording.terms();
  }

  @Override
  public List<Loss.Term> evaluationTerms() {
    return recording.terms();
  }

  @Override
  public double[] step(Minibatch minibatch, Step step) {
    Map<String, Object> arguments = cells(minibatch, step.noise(), true);
    arguments.put("learningRate", step.learningRate());
    arguments.put("warmUp", step.warmUp());
    return (double[]) engine.run("step", arguments).get("terms");
  }

  @Override
  public double[] evaluate(Minibatch minibatch, Noise noise) {
    return (double[]) engine.run("evaluate", cells(minibatch, noise, false)).get("terms");
  }

  private Map<String, Object> cells(Minibatch minibatch, Noise noise, boolean training) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("rows", recording.rows().fill(minibatch, noise, training));
    arguments.put("cells", minibatch.cells(View.CELLS));
    return arguments;
  }

  @Override
  public void bringWeights() {
    engine
        .run("weights", Map.of())
        .forEach(
            (name, values) -> {
              float[] to = module.parameters().get(name).values();
              System.arraycopy(values, 0, to, 0, to.length);
            });
  }

  @Override
  public Map<String, float[]> moments() {
    Map<String, float[]> out = new LinkedHashMap<>();
    engine.run("moments", Map.of()).forEach((name, values) -> out.put(name, (float[]) values));
    return out;
  }

  @Override
  public void restore(Map<String, float[]> moments) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (Parameter p : recording.parameters()) {
      weights.put(p.name(), p.values());
    }
    engine.run("restore", Map.of("weights", weights, "moments", moments));
  }

  @Override
  public void close() {
    engine.run("close", Map.of());
  }
}
