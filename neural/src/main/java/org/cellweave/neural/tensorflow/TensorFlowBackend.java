package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.cellweave.neural.data.Counts;
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
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * The engine on TensorFlow, for CPUs and GPUs. A module is written into a graph at the first step,
 * and again for evaluation; weights, moments and running statistics stay on the device, and a step
 * sends counts that are not zero, codes and what it draws.
 *
 * <p>Losses agree with those of the other engines to rounding. Other than these it does not promise
 * the same bits for another number of threads or another device.
 */
public final class TensorFlowBackend implements TrainingBackend {
  /** On the CPU, also where there is a GPU. */
  public static final Factory CPU = new Place(false);

  /** On the first GPU. */
  public static final Factory GPU = new Place(true);

  /**
   * A product with sparse counts runs on one thread and takes this many times as long per entry as
   * a dense one on one.
   */
  private static final double SPARSE_COST = 4;

  private final NeuralModule module;
  private final Setup setup;
  private final TensorSession session;
  private final Algebra algebra;
  private final Variables variables;
  private final Weights weights;
  private final Adam adam;
  private TrainingGraph training;
  private Program evaluation;
  private Map<String, float[]> remembered = Map.of();

  /**
   * @param gpu whether operations go to a GPU
   * @param tuned whether TensorFlow rewrites a graph before its first run, which takes some tenths
   *     of a second and saves a twentieth of every step
   * @param sparse whether the first layer goes by the counts that are not zero, told the first
   *     minibatch
   */
  record Setup(boolean gpu, boolean tuned, Predicate<Counts> sparse) {}

  private record Place(boolean gpu) implements Factory {
    @Override
    public String name() {
      return "tensorflow";
    }

    @Override
    public String device() {
      int n = Parallel.threads();
      return gpu
          ? "TensorFlow on " + Installation.here().firstGpu()
          : "TensorFlow on the CPU, " + n + (n == 1 ? " thread" : " threads");
    }

    @Override
    public TrainingBackend open(NeuralModule module, Optimizer optimizer) {
      Installation here = Installation.here();
      if (gpu) {
        here.requireGpu();
      } else {
        here.requireAny();
      }
      var setup = new Setup(gpu, true, counts -> !gpu && sparsePays(counts));
      return new TensorFlowBackend(module, optimizer, setup);
    }
  }

  TensorFlowBackend(NeuralModule module, Optimizer optimizer, Setup setup) {
    this.module = module;
    this.setup = setup;
    this.session = new TensorSession(setup.gpu(), setup.tuned());
    this.algebra = new Algebra(session.tf());
    this.variables = new Variables(session.tf());
    this.weights = new Weights(variables);
    this.adam = new Adam(optimizer);
  }

  @Override
  public List<Loss.Term> trainingTerms() {
    return training == null ? List.of() : training.program().terms();
  }

  @Override
  public List<Loss.Term> evaluationTerms() {
    return evaluation == null ? List.of() : evaluation.terms();
  }

  @Override
  public boolean hasOwnThreads() {
    return true;
  }

  @Override
  public double[] step(Minibatch minibatch, Step step) {
    Program program = training(minibatch).program();
    variables.bringThere(session);
    Adam.Rates rates = adam.next(step.learningRate());
    return program.run(session, new Fed(minibatch, step.noise(), step.warmUp(), rates));
  }

  @Override
  public double[] evaluate(Minibatch minibatch, Noise noise) {
    if (evaluation == null) {
      var graph = new TensorGraph(algebra, weights, false, isSparse(minibatch));
      List<Loss.Term> terms = module.loss(graph).terms();
      Operand<TFloat32> values = TrainingGraph.values(algebra, terms);
      evaluation = new Program(graph.inputs(), terms, values, null);
    }
    variables.bringThere(session);
    return evaluation.run(session, new Fed(minibatch, noise, 0, null));
  }

  private TrainingGraph training(Minibatch first) {
    if (training == null) {
      training =
          new TrainingGraph(session, algebra, variables, weights, adam, module, isSparse(first));
      adam.restore(remembered);
    }
    return training;
  }

  private boolean isSparse(Minibatch minibatch) {
    return setup.sparse().test(minibatch.counts(View.CELLS));
  }

  static boolean sparsePays(Counts counts) {
    double all = (double) counts.cells() * counts.genes();
    return SPARSE_COST * Parallel.threads() * counts.size() <= all;
  }

  /** The gradients of a step that moves nothing, for comparisons. */
  Map<Parameter, float[]> gradients(Minibatch minibatch, Noise noise, double warmUp) {
    TrainingGraph graph = training(minibatch);
    variables.bringThere(session);
    Session.Runner runner = session.runner();
    graph.gradients().values().forEach(runner::fetch);
    List<TType> made = new ArrayList<>();
    Fed fed = new Fed(minibatch, noise, warmUp, new Adam.Rates(0, 1, 0));
    graph.program().inputs().feed(runner, fed, made);
    Map<Parameter, float[]> out = new LinkedHashMap<>();
    try (Result result = session.run(runner, made)) {
      int k = 0;
      for (Parameter p : graph.gradients().keySet()) {
        out.put(p, new float[p.values().length]);
        TensorSession.copy(result.get(k++), out.get(p));
      }
    }
    return out;
  }

  @Override
  public void bringWeights() {
    variables.bringThere(session);
    weights.bringBack(session);
  }

  @Override
  public Map<String, float[]> moments() {
    if (training == null) {
      return remembered;
    }
    variables.bringThere(session);
    return adam.state(session);
  }

  @Override
  public void restore(Map<String, float[]> moments) {
    remembered = Map.copyOf(moments);
    adam.restore(remembered);
    weights.set();
  }

  @Override
  public void close() {
    session.close();
  }
}
