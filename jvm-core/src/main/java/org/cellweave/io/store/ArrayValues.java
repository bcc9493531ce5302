package org.cellweave.io.store;

import java.util.Arrays;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;

/** An array of a store as the value that it stands for: an nd-array, a column, a matrix. */
public final class ArrayValues {
  private ArrayValues() {}

  public static NdArray values(StoreArray a) {
    return a.type().isText()
        ? new NdArray(null, a.shape(), a.texts())
        : new NdArray(a.type().dtype(), a.shape(), a.numbers());
  }

  /** A column of the store's type; the array must have one dimension. */
  public static Column column(StoreArray a) {
    if (a.rank() != 1) {
      throw a.source().bad(a.key(), "has " + a.rank() + " dimensions, expected a column");
    }
    if (a.type().isText()) {
      return StringColumn.of(a.texts());
    }
    if (!a.type().isNumeric()) {
      throw a.source().bad(a.key(), "holds " + a.type().describe() + ", expected numbers or text");
    }
    DType dtype = a.type().dtype();
    if (dtype == DType.BOOL) {
      return new BooleanColumn(a.booleans(), null);
    }
    return dtype.isFloating()
        ? NumericColumn.reals(dtype, a.doubles())
        : NumericColumn.integers(dtype, a.longs(), null);
  }

  /** A dense matrix of the store's type; the array must have two dimensions. */
  public static DenseMatrix dense(StoreArray a) {
    if (a.rank() != 2 || !a.type().isNumeric()) {
      throw a.source()
          .bad(
              a.key(),
              "is "
                  + a.type().describe()
                  + " of shape "
                  + Arrays.toString(a.dims())
                  + ", expected numbers in rows and columns");
    }
    int[] shape = a.shape();
    return DenseReader.read(a, shape[0], shape[1]);
  }

  /** Gives a table a column of the store, unless its name means something else to tables. */
  public static void setColumn(
      StoreReader source, DataFrame table, String key, String name, Column values) {
    if (name.equals(DataFrame.UNNAMED_INDEX)) {
      throw source.bad(key, "has a name that tables keep for their index; rename it in Python");
    }
    table.set(name, values);
  }
}
