package org.cellweave.io.store;

import java.nio.ByteBuffer;
import org.cellweave.util.FormatException;

/** An open array of a {@link StoreReader}, row-major, read in pieces or whole. */
public interface StoreArray {
  StoreReader source();

  /** What messages call it. */
  String key();

  ElementType type();

  /** Its shape; of length 0 for a scalar and for no value. */
  long[] dims();

  default int rank() {
    return dims().length;
  }

  boolean isScalar();

  /** True for an array without a value (None). */
  boolean isNull();

  /** Number of elements. */
  long size();

  /**
   * The shape as ints.
   *
   * @throws FormatException when an axis is too long for a Java array
   */
  int[] shape();

  /**
   * This array, which must have one dimension.
   *
   * @throws FormatException when it has not
   */
  StoreArray requireRow();

  // ------------------------------------------------------------------------------- pieces
  /** Receives elements {@code from <= i < from + count}; bytes start at the buffer's position. */
  @FunctionalInterface
  interface PieceBody {
    void accept(long from, int count, ByteBuffer bytes);
  }

  /** Reads everything in parallel, whole rows at a time; each chunk is decoded once. */
  void forPieces(PieceBody body);

  /**
   * Bytes of elements {@code from <= i < from + count}, in the order that the buffer says; of an
   * array in chunks and of several dimensions whole rows only.
   */
  ByteBuffer bytes(long from, int count);

  // ------------------------------------------------------------------------- whole arrays
  /**
   * All elements, flattened: {@code boolean[]}, {@code byte[]} to {@code long[]}, {@code float[]}
   * (float16 too) or {@code double[]}.
   */
  Object numbers();

  /** All elements as integers. */
  long[] longs();

  /** All elements as float64. */
  double[] doubles();

  /** All elements as booleans, 0 being false. */
  boolean[] booleans();

  /** All elements as text. */
  String[] texts();

  /** The fields of an array of records. */
  StoreRecords records();
}
