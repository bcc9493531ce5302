package org.cellweave.io.binary;

import java.nio.ByteBuffer;

/** Puts elements {@code from <= i < from + count}, flattened, as little-endian bytes. */
@FunctionalInterface
public interface Filler {
  void fill(long from, int count, ByteBuffer to);
}
