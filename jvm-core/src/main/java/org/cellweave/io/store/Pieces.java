package org.cellweave.io.store;

import java.nio.ByteBuffer;
import org.cellweave.util.Parallel;

/** The elements of an array in runs of one length, read side by side. */
public final class Pieces {
  private Pieces() {}

  /** Reads elements {@code from <= i < from + count}. */
  @FunctionalInterface
  public interface Reading {
    ByteBuffer bytes(long from, int count);
  }

  /**
   * Reads every run of an array and hands it on; a failure names the array's key.
   *
   * @param step elements of a run, of which the last may have fewer
   */
  public static void forEach(
      StoreArray array, long step, Reading reading, StoreArray.PieceBody body) {
    long size = array.size();
    int n = Math.toIntExact((size + step - 1) / step);
    array
        .source()
        .guard(
            array.key(),
            () -> {
              Parallel.forBlocks(
                  n,
                  p -> {
                    long from = p * step;
                    int count = (int) Math.min(step, size - from);
                    body.accept(from, count, reading.bytes(from, count));
                  });
              return null;
            });
  }
}
