package org.cellweave.io.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.cellweave.io.binary.Numbers;
import org.cellweave.matrix.DType;
import org.cellweave.util.FormatException;

/** An open array of a {@link StoreReader}, row-major, read in pieces or whole. */
public interface StoreArray {
  /** Elements that fit one Java array. */
  int MOST_ELEMENTS = Integer.MAX_VALUE - 16;

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
  default int[] shape() {
    long[] dims = dims();
    int[] out = new int[dims.length];
    for (int d = 0; d < out.length; d++) {
      if (dims[d] > MOST_ELEMENTS) {
        throw source()
            .bad(key(), "has shape " + Arrays.toString(dims) + "; at most 2^31 - 17 per axis");
      }
      out[d] = (int) dims[d];
    }
    return out;
  }

  /**
   * The number of elements.
   *
   * @throws FormatException when they do not fit one Java array
   */
  default int flatSize() {
    if (size() > MOST_ELEMENTS) {
      throw source().bad(key(), "has " + size() + " elements, more than one array can hold");
    }
    return (int) size();
  }

  /**
   * This array, which must have one dimension.
   *
   * @throws FormatException when it has not
   */
  default StoreArray requireRow() {
    if (rank() != 1) {
      throw source()
          .bad(
              key(),
              "has shape "
                  + Arrays.toString(dims())
                  + ", expected one value for each entry; the file is damaged");
    }
    return this;
  }

  // ------------------------------------------------------------------------------- pieces
  /** Receives elements {@code from <= i < from + count}; bytes start at the buffer's position. */
  @FunctionalInterface
  interface PieceBody {
    void accept(long from, int count, ByteBuffer bytes);
  }

  /** Reads everything in parallel, whole rows at a time; each chunk is decoded once. */
  default void forPieces(PieceBody body) {
    forRuns(Runs.all(size()), body);
  }

  /**
   * Reads some elements in parallel and hands them on with the places that they take among those
   * wanted; the bytes are the body's until it returns. A chunk is decoded once, and by a later call
   * that begins in it hardly ever again. Safe from several threads.
   *
   * @param runs whole rows of an array in chunks and of several dimensions
   */
  void forRuns(Runs runs, PieceBody body);

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
  default Object numbers() {
    DType type = numeric();
    Object out = Numbers.allocate(type, flatSize());
    forPieces((from, count, bytes) -> Numbers.copy(type, bytes, count, out, (int) from));
    return out;
  }

  /** All elements as integers. */
  default long[] longs() {
    DType type = numeric();
    if (type.isFloating()) {
      throw source().bad(key(), "holds " + type().describe() + ", expected integers");
    }
    long[] out = new long[flatSize()];
    forPieces((from, count, bytes) -> Numbers.toLongs(type, bytes, count, out, (int) from));
    return out;
  }

  /** All elements as float64. */
  default double[] doubles() {
    DType type = numeric();
    double[] out = new double[flatSize()];
    forPieces((from, count, bytes) -> Numbers.toDoubles(type, bytes, count, out, (int) from));
    return out;
  }

  /** All elements as booleans, 0 being false. */
  default boolean[] booleans() {
    long[] values = longs();
    boolean[] out = new boolean[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i] != 0;
    }
    return out;
  }

  private DType numeric() {
    if (!type().isNumeric()) {
      throw source().bad(key(), "holds " + type().describe() + ", expected numbers");
    }
    return type().dtype();
  }

  /** All elements as text. */
  String[] texts();

  /** The fields of an array of records. */
  StoreRecords records();
}
