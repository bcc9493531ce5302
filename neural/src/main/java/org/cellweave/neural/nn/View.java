package org.cellweave.neural.nn;

/** Which of the matrices of counts of one training step an encoder looks at. */
public enum View {
  /** The minibatch. */
  CELLS,
  /** The same cells with a part of their counts: {@code JointEmbeddingSCVI}. */
  THINNED,
  /** The cells with a label that go beside the minibatch: {@code SCANVI}. */
  LABELLED;

  /** Whose labels and covariates: thinned cells have those of the cells that they come from. */
  public View covariates() {
    return this == THINNED ? CELLS : this;
  }
}
