package org.cellweave.io.store;

import org.cellweave.data.OpaqueElement;
import org.cellweave.data.RecordArray;
import org.cellweave.io.binary.Filler;
import org.cellweave.matrix.DType;

/**
 * A group that is being written. Names may lead through groups, which are made, with slashes.
 * Everywhere, {@code key} is what messages call the element.
 */
public interface StoreGroupWriter extends StoreObjectWriter {
  /**
   * @param manyAttributes for attributes that may outgrow an object header
   */
  StoreGroupWriter group(String name, boolean manyAttributes);

  default StoreGroupWriter group(String name) {
    return group(name, false);
  }

  /** An array without a value (None). */
  StoreObjectWriter nothing(String name);

  /**
   * Numbers or booleans, compressed as {@link StoreWriter#options} says.
   *
   * @param shape empty for a scalar
   * @param growable whether others may append to it
   */
  StoreObjectWriter numbers(String name, DType type, long[] shape, boolean growable, Filler values);

  /** Text of any length; null is the empty one. */
  StoreObjectWriter texts(String name, String[] values, long[] shape, String key);

  /** Records with at least one field. */
  StoreObjectWriter records(String name, RecordArray records, String key);

  /**
   * An element of unknown encoding, with its attributes, as {@link StoreReader#whole} read it.
   *
   * @throws org.cellweave.util.FormatException when it could not be kept; says why
   */
  void opaque(String name, OpaqueElement element, String key);

  /**
   * A row of numbers that is written from its beginning to its end.
   *
   * @param most values that there may be in the end
   */
  GrowingArray growing(String name, DType type, long most);

  /** A matrix of numbers of which some rows are written at a time. */
  RowsWriter rows(String name, DType type, int nRows, int nCols);
}
