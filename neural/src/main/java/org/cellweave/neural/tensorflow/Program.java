package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.module.Loss;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * A part of the graph that is run as a whole.
 *
 * @param values of all terms, 1 x terms
 * @param update what it does to variables; null when it does nothing
 */
record Program(Inputs inputs, List<Loss.Term> terms, Operand<TFloat32> values, Op update) {

  double[] run(TensorSession session, Fed fed) {
    Session.Runner runner = session.runner().fetch(values);
    if (update != null) {
      runner.addTarget(update);
    }
    float[] out = new float[terms.size()];
    List<TType> made = new ArrayList<>();
    inputs.feed(runner, fed, made);
    try (Result result = session.run(runner, made)) {
      TensorSession.copy(result.get(0), out);
    }
    double[] wide = new double[out.length];
    for (int k = 0; k < out.length; k++) {
      wide[k] = out[k];
    }
    return wide;
  }
}
