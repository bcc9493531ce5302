package org.cellweave.neural.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** What stays on the device from run to run: weights, running statistics, moments. */
final class Variables {
  private final Ops tf;
  private final List<Variable> all = new ArrayList<>();

  /** One matrix on the device. */
  static final class Variable {
    final Operand<? extends TType> handle;
    final Operand<TFloat32> read;
    private final Operand<TFloat32> place;
    private final AssignVariableOp assign;
    private final int rows;
    private final int cols;

    /** Values that the device does not have yet; null when there are none. */
    private float[] pending;

    private Variable(Ops tf, String name, int rows, int cols, float[] start) {
      this.rows = rows;
      this.cols = cols;
      Shape shape = Shape.of(rows, cols);
      handle = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
      read = tf.readVariableOp(handle, TFloat32.class);
      place = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      assign = tf.assignVariableOp(handle, place);
      pending = start;
    }

    /** Puts these values in before the next run; they may change until then. */
    void set(float[] values) {
      pending = values;
    }
  }

  Variables(Ops tf) {
    this.tf = tf;
  }

  /**
   * @param name that no other has
   * @param start row-major
   */
  Variable add(String name, int rows, int cols, float[] start) {
    Variable made = new Variable(tf, name, rows, cols, start);
    all.add(made);
    return made;
  }

  /** Brings values to the device that it does not have yet. */
  void bringThere(TensorSession session) {
    List<TType> made = new ArrayList<>();
    Session.Runner runner = session.runner();
    for (Variable variable : all) {
      if (variable.pending != null) {
        TFloat32 tensor = Inputs.matrix(variable.pending, variable.rows, variable.cols);
        made.add(tensor);
        runner.feed(variable.place, tensor).addTarget(variable.assign);
      }
    }
    if (!made.isEmpty()) {
      session.run(runner, made).close();
      all.forEach(variable -> variable.pending = null);
    }
  }

  /** Copies values from the device. */
  static void bringBack(TensorSession session, List<Variable> variables, List<float[]> to) {
    if (variables.isEmpty()) {
      return;
    }
    Session.Runner runner = session.runner();
    variables.forEach(variable -> runner.fetch(variable.read));
    try (Result result = session.run(runner, List.of())) {
      for (int k = 0; k < variables.size(); k++) {
        TensorSession.copy(result.get(k), to.get(k));
      }
    }
  }
}
