package org.cellweave.matrix;

import org.cellweave.util.Elementary;
import org.cellweave.util.ShapeMismatchException;

/**
 * Functions and arithmetic of every place of a matrix, as NumPy's: new matrices, the given ones
 * stay. Numbers are taken in float64 and rounded once to the type of the result.
 *
 * <p>Types are NumPy's: a number or an array of the host's does not widen float32, whole numbers
 * stay so under {@code + - *} with whole numbers and become float64 under anything else. Where a
 * whole number does not fit its type, which would wrap in NumPy, the result is int64.
 *
 * <p>A sparse matrix stays sparse where zero stays zero (stored values alone are visited, and stay
 * stored), and is refused where it does not: the message says to call {@code toarray()}.
 */
public final class Elementwise {
  private Elementwise() {}

  /** Of every place. */
  public static Matrix of(Matrix x, MathFunction function) {
    if (x.isSparse() && !function.keepsZero()) {
      throw notSparse(x, "np." + function.pythonName() + "(x)");
    }
    if (function == MathFunction.SQUARE) {
      return with(x, Arithmetic.POWER, 2, true);
    }
    DType type = function.isReal() || x.dtype().isFloating() ? floating(x.dtype()) : x.dtype();
    boolean single = type == DType.FLOAT32;
    EachPlace.Change change = single ? function::single : function::apply;
    return made(x, type, change);
  }

  /** Rounded to decimal places as NumPy does it: halves to the even neighbour. */
  public static Matrix rounded(Matrix x, int decimals) {
    if (!x.dtype().isFloating() && decimals >= 0) {
      return x.copy();
    }
    double scale = Elementary.pow(10, Math.abs(decimals));
    EachPlace.Change change =
        (v, n) -> {
          for (int k = 0; k < n; k++) {
            v[k] =
                decimals >= 0 ? Math.rint(v[k] * scale) / scale : Math.rint(v[k] / scale) * scale;
          }
        };
    return made(x, x.dtype(), change);
  }

  /**
   * Between two bounds.
   *
   * @param low negative infinity for none
   * @param high infinity for none
   */
  public static Matrix clipped(Matrix x, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "clip needs a lower bound below the upper one, got " + low + " and " + high);
    }
    if (x.isSparse() && (low > 0 || high < 0)) {
      throw notSparse(x, "x.clip(" + low + ", " + high + ")");
    }
    EachPlace.Change change =
        (v, n) -> {
          for (int k = 0; k < n; k++) {
            v[k] = Math.max(low, Math.min(high, v[k]));
          }
        };
    boolean whole =
        Math.rint(bounded(low)) == bounded(low) && Math.rint(bounded(high)) == bounded(high);
    return made(x, whole ? x.dtype() : floating(x.dtype()), change);
  }

  private static double bounded(double bound) {
    return Double.isInfinite(bound) ? 0 : bound;
  }

  private static Matrix made(Matrix x, DType type, EachPlace.Change change) {
    if (x instanceof CscMatrix csc) {
      return new CscMatrix((CsrMatrix) made(csc.columns(), type, change));
    }
    DType held = type.isFloating() ? type : DType.INT64;
    Matrix out =
        x instanceof CsrMatrix csr
            ? EachPlace.stored(csr, held, narrow(csr, type), change)
            : EachPlace.dense((DenseMatrix) x, held, change);
    return fitted(out, type);
  }

  /** Stored as float32 where that is exact: floats of 32 bits, and functions of whole numbers. */
  private static boolean narrow(CsrMatrix x, DType type) {
    return type.isFloating() ? type != DType.FLOAT64 : x.isFloat32Stored();
  }

  private static DType floating(DType type) {
    return type == DType.FLOAT32 || type == DType.FLOAT16 ? DType.FLOAT32 : DType.FLOAT64;
  }

  /**
   * With a number.
   *
   * @param whole whether the number is one of a whole-numbered type
   */
  public static Matrix with(Matrix x, Arithmetic operation, double number, boolean whole) {
    boolean staysWhole = whole && !(operation == Arithmetic.POWER && number < 0);
    DType type = type(x.dtype(), operation, staysWhole);
    double rounded = type == DType.FLOAT32 ? (float) number : number;
    if (x.isSparse() && !operation.keepsZero(rounded)) {
      throw notSparse(x, operation.said("x", whole ? "" + (long) number : "" + number));
    }
    return with(x, operation, Others.number(rounded), type);
  }

  /** With one number for every column. */
  public static Matrix withRow(Matrix x, Arithmetic operation, double[] row, boolean whole) {
    return with(x, operation, row, whole, true);
  }

  /** With one number for every row. */
  public static Matrix withColumn(Matrix x, Arithmetic operation, double[] column, boolean whole) {
    return with(x, operation, column, whole, false);
  }

  private static Matrix with(
      Matrix x, Arithmetic operation, double[] others, boolean whole, boolean isRow) {
    int length = isRow ? x.nCols() : x.nRows();
    if (others.length != length) {
      throw new ShapeMismatchException(
          "an array of "
              + others.length
              + " cannot stand beside the "
              + length
              + (isRow ? " columns" : " rows")
              + " of a matrix of "
              + x.shape());
    }
    if (x.isSparse() && !(operation == Arithmetic.TIMES || operation == Arithmetic.DIVIDE)) {
      throw notSparse(x, operation.said("x", isRow ? "a row" : "a column"));
    }
    DType type = type(x.dtype(), operation, whole);
    return with(x, operation, isRow ? Others.row(others) : Others.column(others), type);
  }

  /** With a matrix of the same shape; see {@link Broadcast} for others. */
  static Matrix withSame(Matrix x, Arithmetic operation, Matrix other) {
    DType type = type(x.dtype(), operation, other.dtype());
    boolean scales = operation == Arithmetic.TIMES || operation == Arithmetic.DIVIDE;
    if (x.isSparse() && other.isSparse()) {
      return SparsePairs.of(x, operation, other, type);
    }
    if (x.isSparse() && scales) {
      return with(x.toCsr(), operation, Others.matrix(other), type);
    }
    if (other.isSparse() && operation == Arithmetic.TIMES) {
      return with(other.toCsr(), operation, Others.matrix(x), type);
    }
    return dense(x, operation, Others.matrix(other), type);
  }

  /** A dense result, also of a sparse matrix. */
  static Matrix dense(Matrix x, Arithmetic operation, Others others, DType type) {
    return fitted(
        EachPlace.dense(x, type.isFloating() ? type : DType.INT64, operation, others), type);
  }

  private static Matrix with(Matrix x, Arithmetic operation, Others others, DType type) {
    if (x instanceof CscMatrix csc) {
      Matrix turned = with(csc.columns(), operation, others.turned(), type);
      return new CscMatrix((CsrMatrix) turned);
    }
    if (x instanceof CsrMatrix csr) {
      boolean narrow = type.isFloating() && type != DType.FLOAT64;
      DType held = type.isFloating() ? type : DType.INT64;
      return fitted(EachPlace.stored(csr, held, narrow, operation, others), type);
    }
    return dense(x, operation, others, type);
  }

  /** Which places stand to a number in this way: 1 where they do, boolean. */
  public static Matrix compare(Matrix x, Comparison comparison, double bound) {
    if (x instanceof CscMatrix csc) {
      return new CscMatrix((CsrMatrix) compare(csc.columns(), comparison, bound));
    }
    double rounded = x.dtype() == DType.FLOAT32 ? (float) bound : bound;
    Others others = Others.number(rounded);
    if (x instanceof CsrMatrix csr) {
      if (comparison.test(0, rounded)) {
        throw notSparse(x, "x " + comparison.sign() + " " + bound);
      }
      return EachPlace.compacted(EachPlace.stored(csr, DType.BOOL, true, comparison, others));
    }
    return EachPlace.dense(x, DType.BOOL, comparison, others);
  }

  /** Which places are NaN; of a sparse matrix a sparse one. */
  public static Matrix isNaN(Matrix x) {
    if (x instanceof CscMatrix csc) {
      return new CscMatrix((CsrMatrix) isNaN(csc.columns()));
    }
    EachPlace.Change change =
        (v, n) -> {
          for (int k = 0; k < n; k++) {
            v[k] = Double.isNaN(v[k]) ? 1 : 0;
          }
        };
    return x instanceof CsrMatrix csr
        ? EachPlace.compacted(EachPlace.stored(csr, DType.BOOL, true, change))
        : EachPlace.dense((DenseMatrix) x, DType.BOOL, change);
  }

  /** Which places stand to those of another matrix in this way; dense ones of the same shape. */
  public static Matrix compare(Matrix x, Comparison comparison, Matrix other) {
    requireSame(x, other);
    if (x.isSparse() && other.isSparse() && comparison.test(0, 0)) {
      throw notSparse(x, "x " + comparison.sign() + " y");
    }
    return EachPlace.dense(x, DType.BOOL, comparison, Others.matrix(other));
  }

  static void requireSame(Matrix x, Matrix other) {
    if (x.nRows() != other.nRows() || x.nCols() != other.nCols()) {
      throw new ShapeMismatchException(
          "matrices must have the same shape here, got " + x.shape() + " and " + other.shape());
    }
  }

  /**
   * The same numbers under another type: decimals are cut off by whole-numbered types, and what is
   * not zero is true.
   */
  public static Matrix astype(Matrix x, DType type) {
    if (type == x.dtype()) {
      return x.copy();
    }
    if (type == DType.BOOL) {
      return made(x, DType.BOOL, (v, n) -> truths(v, n));
    }
    if (!type.isInteger()) {
      return x.withDType(type).copy();
    }
    Matrix whole = x;
    if (x.dtype().isFloating()) {
      whole = made(x, DType.INT64, MathFunction.TRUNC::apply);
    }
    Double beyond = beyond(whole, type);
    if (beyond != null) {
      throw new IllegalArgumentException(
          "values of type "
              + type.numpyName()
              + " must lie in ["
              + (long) type.lowest()
              + ", "
              + (long) type.highest()
              + "], got "
              + beyond
              + "; choose a wider type or clip first");
    }
    return whole == x ? x.withDType(type).copy() : whole.withDType(type);
  }

  private static void truths(double[] v, int n) {
    for (int k = 0; k < n; k++) {
      v[k] = v[k] != 0 ? 1 : 0;
    }
  }

  /** The first value that a type of whole numbers does not hold; null for none. */
  private static Double beyond(Matrix x, DType type) {
    double low = type.lowest();
    double high = type.highest();
    for (StoredValues.Segment segment : StoredValues.of(x)) {
      int p = segment.find(v -> !(v >= low && v <= high));
      if (p >= 0) {
        return segment.value(p);
      }
    }
    return null;
  }

  /** Whole numbers, held by 64 bits, under their type where they fit it. */
  static Matrix fitted(Matrix held, DType type) {
    if (held.dtype() == type) {
      return held;
    }
    return type == DType.BOOL || beyond(held, type) == null ? held.withDType(type) : held;
  }

  private static DType type(DType x, Arithmetic operation, boolean whole) {
    if (x.isFloating()) {
      return floating(x);
    }
    if (!whole || operation.divides()) {
      return DType.FLOAT64;
    }
    return x == DType.BOOL ? DType.INT64 : x;
  }

  static DType type(DType x, Arithmetic operation, DType other) {
    DType common = DType.promote(x, other);
    if (common == DType.BOOL) {
      return switch (operation) {
        case TIMES, MINIMUM, MAXIMUM -> DType.BOOL;
        case DIVIDE, DIVIDING -> DType.FLOAT64;
        default -> DType.INT64;
      };
    }
    return operation.divides() || common.isFloating() ? floating(common) : common;
  }

  static IllegalArgumentException notSparse(Matrix x, String said) {
    double gigabytes = (double) x.nRows() * x.nCols() * Math.max(4, x.dtype().bytes()) / (1 << 30);
    return new IllegalArgumentException(
        said
            + " has a value at every place, but x is sparse ("
            + x.shape()
            + "). Call x.toarray() first, which takes "
            + String.format(java.util.Locale.ROOT, gigabytes < 1 ? "%.2f" : "%.0f", gigabytes)
            + " GB");
  }
}
