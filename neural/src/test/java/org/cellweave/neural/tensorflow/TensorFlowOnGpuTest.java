package org.cellweave.neural.tensorflow;

import org.junit.jupiter.api.Tag;

/** Looser, since GPUs multiply in TF32 and add in no fixed order. */
@Tag("gpu")
class TensorFlowOnGpuTest extends AgreementContract {
  TensorFlowOnGpuTest() {
    super(true, 2e-3, 2e-2);
  }
}
