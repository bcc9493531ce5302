package org.cellweave.internal;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** Arrays outside the Java heap, where BLAS reads them without a copy; the caller closes them. */
public final class NativeMemory {
  static {
    NativeSetup.prepare();
  }

  private NativeMemory() {}

  public static FloatPointer floats(long size) {
    return new FloatPointer(size);
  }

  public static DoublePointer doubles(long size) {
    return new DoublePointer(size);
  }

  public static IntPointer ints(long size) {
    return new IntPointer(size);
  }
}
