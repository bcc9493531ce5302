package org.cellweave.embed.umap;

/**
 * Settings that the layout and the transform of new cells share. Each gives its own defaults of the
 * number of epochs and the first step.
 */
abstract class LayoutBuilder<B> {
  int maxIter;
  double alpha;
  double gamma = 1;
  int negativeSampleRate = 5;
  long seed = 0;

  LayoutBuilder(int maxIter, double alpha) {
    this.maxIter = maxIter;
    this.alpha = alpha;
  }

  abstract B self();

  public B maxIter(int value) {
    maxIter = value;
    return self();
  }

  public B alpha(double value) {
    alpha = value;
    return self();
  }

  public B gamma(double value) {
    gamma = value;
    return self();
  }

  public B negativeSampleRate(int value) {
    negativeSampleRate = value;
    return self();
  }

  public B seed(long value) {
    seed = value;
    return self();
  }
}
