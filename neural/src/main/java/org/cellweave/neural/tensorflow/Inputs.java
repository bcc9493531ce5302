package org.cellweave.neural.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.cellweave.neural.nn.View;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** What a graph reads from outside, each with what fills it; one of a name is made once. */
final class Inputs {
  /** Of a number of entries that differs from run to run. */
  static final long OPEN = Shape.UNKNOWN_SIZE;

  private final Ops tf;
  private final Map<String, Input> byName = new LinkedHashMap<>();
  private float[] scratch = new float[0];

  /** Makes the tensor of one run, which whoever runs closes. */
  interface Fill {
    TType of(Fed fed);
  }

  private record Input(Operand<?> place, Fill fill) {}

  Inputs(Ops tf) {
    this.tf = tf;
  }

  <T extends TType> Operand<T> add(String name, Class<T> type, Shape shape, Fill fill) {
    Input input =
        byName.computeIfAbsent(
            name, n -> new Input(tf.placeholder(type, Placeholder.shape(shape)), fill));
    return input.place().asOutput().expect(type);
  }

  Operand<TFloat32> scalar(String name, ToDoubleFunction<Fed> value) {
    return add(
        name,
        TFloat32.class,
        Shape.scalar(),
        fed -> TFloat32.scalarOf((float) value.applyAsDouble(fed)));
  }

  Operand<TInt32> codes(View view, String name) {
    return add(
        view.covariates() + " " + name,
        TInt32.class,
        Shape.of(OPEN),
        fed -> integers(fed.minibatch.codes(view, name), fed.minibatch.cells(view.covariates())));
  }

  /** One over the number of rows. */
  Operand<TFloat32> inverse(Rows rows) {
    return scalar("1 / " + rows, fed -> 1.0 / rows.in(fed.minibatch));
  }

  /** For the next run: every place with what fills it, added to {@code made}. */
  void feed(Session.Runner runner, Fed fed, List<TType> made) {
    for (Input input : byName.values()) {
      TType tensor = input.fill().of(fed);
      made.add(tensor);
      runner.feed(input.place(), tensor);
    }
  }

  /** An array to fill a tensor from, of at least that length and any content. */
  float[] scratch(int n) {
    if (scratch.length < n) {
      scratch = new float[Math.max(n, 2 * scratch.length)];
    }
    return scratch;
  }

  /** The first {@code rows} times {@code cols} values. */
  static TFloat32 matrix(float[] values, long rows, long cols) {
    TFloat32 out = TFloat32.tensorOf(Shape.of(rows, cols));
    return write(values, (int) (rows * cols), out);
  }

  static TFloat32 list(float[] values, int n) {
    return write(values, n, TFloat32.tensorOf(Shape.of(n)));
  }

  private static TFloat32 write(float[] values, int n, TFloat32 out) {
    if (n > 0) {
      out.asRawTensor().data().asFloats().write(values, 0, n);
    }
    return out;
  }

  static TInt32 integers(int[] values, int n) {
    return integers(values, Shape.of(n));
  }

  static TInt32 integers(int[] values, Shape shape) {
    TInt32 out = TInt32.tensorOf(shape);
    if (shape.size() > 0) {
      out.asRawTensor().data().asInts().write(values, 0, (int) shape.size());
    }
    return out;
  }
}
