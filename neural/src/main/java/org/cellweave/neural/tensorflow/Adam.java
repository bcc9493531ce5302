package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.tensorflow.Variables.Variable;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.util.Elementary;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The optimiser's steps by TensorFlow's operation, which adds its epsilon to the root of the second
 * moment before that is corrected: told one that changes from step to step, it is the same as
 * adding it afterwards. Corrections are computed here in float64 and handed over with the rate.
 */
final class Adam {
  private final Optimizer settings;
  private final Map<Parameter, Moments> moments = new LinkedHashMap<>();
  private int steps;

  private record Moments(Variable first, Variable second) {}

  /**
   * Numbers of one step.
   *
   * @param rate with both corrections
   * @param epsilon to add before the correction
   * @param shrink what decoupled decay takes of the weights
   */
  record Rates(double rate, double epsilon, double shrink) {}

  Adam(Optimizer settings) {
    this.settings = settings;
  }

  /** Begins a step. */
  Rates next(double learningRate) {
    steps++;
    double first = 1 - Elementary.pow(settings.beta1(), steps);
    double second = Math.sqrt(1 - Elementary.pow(settings.beta2(), steps));
    return new Rates(
        learningRate * second / first,
        settings.epsilon() * second,
        learningRate * settings.weightDecay());
  }

  /** Adds the moments of a parameter, zero at first. */
  void add(Variables variables, Parameter p) {
    moments.put(p, new Moments(moment(variables, p, "first"), moment(variables, p, "second")));
  }

  private static Variable moment(Variables variables, Parameter p, String which) {
    return variables.add(p.name() + ":" + which, p.rows(), p.cols(), new float[p.values().length]);
  }

  /**
   * What a step does to a parameter.
   *
   * @param before that has to be done
   * @param weight the parameter
   */
  Op update(
      Ops before, Algebra a, Inputs inputs, Parameter p, Variable weight, Operand<TFloat32> g) {
    Operand<TFloat32> mask = mask(a, p);
    Ops then = before;
    if (settings.decoupled() && settings.weightDecay() > 0) {
      Operand<TFloat32> shrink = inputs.scalar("shrink", fed -> fed.rates.shrink());
      Operand<TFloat32> lost = mask == null ? shrink : a.times(mask, shrink);
      Operand<TFloat32> kept = a.times(weight.read, a.minus(a.constant(1), lost));
      then = before.withControlDependencies(before.assignVariableOp(weight.handle, kept));
    }
    Moments of = moments.get(p);
    return then.train.resourceApplyAdam(
        weight.handle,
        of.first.handle,
        of.second.handle,
        a.constant(0),
        a.constant(0),
        inputs.scalar("rate", fed -> fed.rates.rate()),
        a.constant(settings.beta1()),
        a.constant(settings.beta2()),
        inputs.scalar("epsilon", fed -> fed.rates.epsilon()),
        mask == null ? g : a.times(g, mask));
  }

  /** The gradient with what coupled decay adds. */
  Operand<TFloat32> decayed(Algebra a, Variable weight, Operand<TFloat32> gradient) {
    return settings.decoupled() || settings.weightDecay() == 0
        ? gradient
        : a.plus(gradient, a.times(weight.read, settings.weightDecay()));
  }

  /** One column: 1 for rows that are trained; null when all are. */
  private static Operand<TFloat32> mask(Algebra a, Parameter p) {
    if (p.firstTrainable() == 0) {
      return null;
    }
    float[][] rows = new float[p.rows()][1];
    for (int i = p.firstTrainable(); i < p.rows(); i++) {
      rows[i][0] = 1;
    }
    return a.tf().constant(rows);
  }

  /** In the form that all engines have. */
  Map<String, float[]> state(TensorSession session) {
    Map<String, float[]> out = new LinkedHashMap<>();
    if (steps == 0) {
      return out;
    }
    List<Variable> variables = new ArrayList<>();
    List<float[]> to = new ArrayList<>();
    moments.forEach(
        (p, of) -> {
          variables.add(of.first);
          variables.add(of.second);
          to.add(new float[p.values().length]);
          to.add(new float[p.values().length]);
          out.put(p.name() + ":first", to.get(to.size() - 2));
          out.put(p.name() + ":second", to.get(to.size() - 1));
          out.put(p.name() + ":steps", new float[] {steps});
        });
    Variables.bringBack(session, variables, to);
    return out;
  }

  /**
   * @throws IllegalArgumentException when parameters were moved by different numbers of steps
   */
  void restore(Map<String, float[]> state) {
    steps = 0;
    moments.forEach(
        (p, of) -> {
          float[] first = state.get(p.name() + ":first");
          if (first == null) {
            first = new float[p.values().length];
          } else {
            takeSteps(p, (int) state.get(p.name() + ":steps")[0]);
          }
          of.first.set(trainedRows(p, first));
          float[] second = state.get(p.name() + ":second");
          of.second.set(trainedRows(p, second == null ? first : second));
        });
  }

  private void takeSteps(Parameter p, int of) {
    if (steps != 0 && steps != of) {
      throw new IllegalArgumentException(
          "moments of one number of steps expected, got " + steps + " and " + of + " for " + p);
    }
    steps = of;
  }

  /** Rows that stay as they are must not move by old moments either. */
  private static float[] trainedRows(Parameter p, float[] values) {
    float[] out = values.clone();
    Arrays.fill(out, 0, p.firstTrainable() * p.cols(), 0);
    return out;
  }
}
