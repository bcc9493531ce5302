package org.cellweave.neural.tensorflow;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** TensorFlow's operations on float32 in short names, which the formulas are written in. */
final class Algebra {
  private final Ops tf;
  private final Map<Double, Operand<TFloat32>> constants = new HashMap<>();
  private final Operand<TInt32> first;
  private final Operand<TInt32> second;
  private final Operand<TInt32> both;
  private final Operand<TInt32> flat;

  Algebra(Ops tf) {
    this.tf = tf;
    this.first = tf.constant(0);
    this.second = tf.constant(1);
    this.both = tf.constant(new int[] {0, 1});
    this.flat = tf.constant(new int[] {-1});
  }

  Ops tf() {
    return tf;
  }

  Operand<TFloat32> constant(double value) {
    return constants.computeIfAbsent(value, v -> tf.constant(v.floatValue()));
  }

  Operand<TFloat32> plus(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.add(a, b);
  }

  Operand<TFloat32> plus(Operand<TFloat32> a, double b) {
    return tf.math.add(a, constant(b));
  }

  Operand<TFloat32> minus(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.sub(a, b);
  }

  Operand<TFloat32> times(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.mul(a, b);
  }

  Operand<TFloat32> times(Operand<TFloat32> a, double b) {
    return tf.math.mul(a, constant(b));
  }

  Operand<TFloat32> over(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.math.div(a, b);
  }

  Operand<TFloat32> negative(Operand<TFloat32> a) {
    return tf.math.neg(a);
  }

  Operand<TFloat32> square(Operand<TFloat32> a) {
    return tf.math.square(a);
  }

  Operand<TFloat32> log(Operand<TFloat32> a) {
    return tf.math.log(a);
  }

  Operand<TFloat32> exp(Operand<TFloat32> a) {
    return tf.math.exp(a);
  }

  Operand<TFloat32> softplus(Operand<TFloat32> a) {
    return tf.math.softplus(a);
  }

  Operand<TFloat32> sigmoid(Operand<TFloat32> a) {
    return tf.math.sigmoid(a);
  }

  /** The larger of every value and a bound. */
  Operand<TFloat32> atLeast(Operand<TFloat32> a, double bound) {
    return tf.math.maximum(a, constant(bound));
  }

  /** {@code a b^T}. */
  Operand<TFloat32> timesTransposed(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.linalg.matMul(a, b, MatMul.transposeB(true));
  }

  /** {@code a^T b}. */
  Operand<TFloat32> transposedTimes(Operand<TFloat32> a, Operand<TFloat32> b) {
    return tf.linalg.matMul(a, b, MatMul.transposeA(true));
  }

  /** Of all entries of a matrix. */
  Operand<TFloat32> sum(Operand<TFloat32> matrix) {
    return tf.sum(matrix, both);
  }

  /** Of all entries of a list. */
  Operand<TFloat32> sumOfList(Operand<TFloat32> list) {
    return tf.sum(list, first);
  }

  /** One column: of every row. */
  Operand<TFloat32> sumOfRows(Operand<TFloat32> matrix) {
    return tf.sum(matrix, second, Sum.keepDims(true));
  }

  /** One row: of every column. */
  Operand<TFloat32> sumOfColumns(Operand<TFloat32> matrix) {
    return tf.sum(matrix, first, Sum.keepDims(true));
  }

  /** One row: of every column. */
  Operand<TFloat32> meanOfColumns(Operand<TFloat32> matrix) {
    return tf.math.mean(matrix, first, Mean.keepDims(true));
  }

  /** One column: of every row. */
  Operand<TFloat32> meanOfRows(Operand<TFloat32> matrix) {
    return tf.math.mean(matrix, second, Mean.keepDims(true));
  }

  /** The entries of a matrix at row-major places, as a list. */
  Operand<TFloat32> pick(Operand<TFloat32> matrix, Operand<TInt32> places) {
    return tf.gather(tf.reshape(matrix, flat), places, first);
  }

  /** Entries added up by the numbers that they have, from 0 to {@code many} - 1; a list. */
  Operand<TFloat32> sumsByNumber(
      Operand<TFloat32> list, Operand<TInt32> numbers, Operand<TInt32> many) {
    return tf.math.unsortedSegmentSum(list, numbers, many);
  }

  /** One row of a table per code. */
  Operand<TFloat32> rowsOf(Operand<TFloat32> table, Operand<TInt32> codes) {
    return tf.gather(table, codes, first);
  }

  Operand<TFloat32> reshape(Operand<TFloat32> a, int... shape) {
    return tf.reshape(a, tf.constant(shape));
  }
}
