package org.cellweave.testing;

/** The tolerances tests name instead of writing numbers. */
public final class Tolerance {
  /** Same operations in the same order. */
  public static final double EXACT = 1e-12;

  /** float64 results whose order of operations differs. */
  public static final double F64 = 1e-8;

  /** float32 storage against float64 references. */
  public static final double F32 = 1e-4;

  /** The agreement promised with scanpy for deterministic steps, relative. */
  public static final double PEER = 1e-5;

  private Tolerance() {}
}
