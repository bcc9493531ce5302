package org.cellweave.neural.fused;

import org.cellweave.neural.data.Counts;
import org.cellweave.neural.data.Minibatch;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.View;
import org.cellweave.util.Parallel;

/**
 * The likelihood of the counts of a minibatch, forward, with the gradients of everything it was
 * computed from. Those lie where the logits were, so that no further matrix of cells by genes is
 * needed, and are scaled on the way back.
 */
final class Reconstruction {
  private final Counts counts;
  private final CountHeads heads;
  private final boolean wantsGradient;
  private final LikelihoodPass pass;
  private final Tensor library;
  private final float[] libraryGradient;
  private final int[] levels;
  private final int dispersionRows;

  Reconstruction(
      Minibatch minibatch, View view, CountHeads heads, Buffers buffers, boolean wantsGradient) {
    this.counts = minibatch.counts(view);
    this.heads = heads;
    this.wantsGradient = wantsGradient;
    this.library = Tape.tensor(heads.library());
    this.libraryGradient = buffers.take(library.rows);
    this.levels = heads.levels() == null ? null : minibatch.codes(view, heads.levels());
    this.dispersionRows = heads.dispersion() == null ? 0 : heads.dispersion().rows();
    var inputs =
        new LikelihoodPass.Inputs(
            counts,
            Tape.tensor(heads.scale()).value,
            heads.dropout() == null ? null : Tape.tensor(heads.dropout()).value,
            heads.cellDispersion() == null ? null : Tape.tensor(heads.cellDispersion()).value,
            library.value,
            libraryGradient);
    this.pass = pass(inputs, buffers.doubles(counts.genes()));
    if (wantsGradient) {
      handOver(heads.scale());
      handOver(heads.dropout());
      handOver(heads.cellDispersion());
    }
  }

  private LikelihoodPass pass(LikelihoodPass.Inputs inputs, DoubleArrays room) {
    boolean shared = !heads.softplus() && heads.cellDispersion() == null;
    if (shared && heads.likelihood() == Likelihood.NB) {
      return new NegativeBinomialPass(inputs, dispersions(), levels, wantsGradient, room);
    }
    if (shared && heads.likelihood() == Likelihood.ZINB) {
      return new ZeroInflatedPass(inputs, dispersions(), levels, wantsGradient, room);
    }
    return new GeneralPass(inputs, heads, dispersions(), levels, wantsGradient, room);
  }

  /** Logits have no reader but this: their place becomes that of their gradient. */
  private static void handOver(Node logits) {
    if (logits != null) {
      Tensor x = Tape.tensor(logits);
      x.gradient = x.value;
    }
  }

  private Dispersions dispersions() {
    Parameter of = heads.dispersion();
    return of == null ? null : new Dispersions(of.values(), of.rows(), of.cols());
  }

  /** Mean over cells of the negative log likelihood. */
  double forward() {
    return pass.run(wantsGradient ? this::meanOf : cell -> {}) / counts.cells();
  }

  /** Gradients of a cell, still in the processor's cache, as those of the mean over cells. */
  private void meanOf(int cell) {
    meanOf(cell, heads.scale());
    meanOf(cell, heads.dropout());
    meanOf(cell, heads.cellDispersion());
  }

  private void meanOf(int cell, Node logits) {
    if (logits == null) {
      return;
    }
    Tensor x = Tape.tensor(logits);
    float[] gradient = x.gradient;
    int from = cell * x.cols;
    int to = from + x.cols;
    float each = 1f / counts.cells();
    for (int k = from; k < to; k++) {
      gradient[k] *= each;
    }
    if (x.offHeap != null) {
      x.offHeap.getPointer(from).put(gradient, from, x.cols);
    }
  }

  void back(double factor, Gradients gradients) {
    float each = (float) (factor / counts.cells());
    scale(heads.scale(), (float) factor);
    scale(heads.dropout(), (float) factor);
    scale(heads.cellDispersion(), (float) factor);
    if (library.wantsGradient()) {
      for (int i = 0; i < library.rows; i++) {
        library.gradient[i] += each * libraryGradient[i];
      }
    }
    Parameter dispersion = heads.dispersion();
    if (dispersion != null && dispersion.isTrainable() && wantsGradient) {
      float[] to = gradients.of(dispersion);
      double[] from = pass.dispersionGradient();
      for (int k = 0; k < dispersionRows * dispersion.cols(); k++) {
        to[k] += (float) (from[k] * each);
      }
    }
  }

  private static void scale(Node logits, float factor) {
    if (logits == null) {
      return;
    }
    Tensor x = Tape.tensor(logits);
    if (factor == 1) {
      x.gradientIsOffHeap = x.offHeap != null;
      return;
    }
    float[] gradient = x.gradient;
    Parallel.forRange(
        x.size(),
        1 << 16,
        (from, to) -> {
          for (int k = from; k < to; k++) {
            gradient[k] *= factor;
          }
        });
  }
}
