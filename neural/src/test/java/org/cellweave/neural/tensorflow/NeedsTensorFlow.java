package org.cellweave.neural.tensorflow;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** For tests that run TensorFlow: they are skipped where its native library is not. */
public final class NeedsTensorFlow {
  private NeedsTensorFlow() {}

  public static void skipWithout() {
    assumeTrue(
        Installation.here().library() != Installation.Library.NONE,
        "TensorFlow's native library is not on the class path: Maven profile tensorflow-tests");
  }
}
