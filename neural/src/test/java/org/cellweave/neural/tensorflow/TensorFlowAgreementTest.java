package org.cellweave.neural.tensorflow;

/** On the CPU. */
class TensorFlowAgreementTest extends AgreementContract {
  TensorFlowAgreementTest() {
    super(false, 1e-5, 1e-4);
  }
}
