package org.cellweave.neural.tensorflow;

import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.View;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Which dispersion every count goes by, as a row-major place in their table: one row of genes, one
 * row per level, or one per cell.
 */
final class DispersionInputs {
  private final Inputs inputs;
  private final View view;
  private final CountHeads heads;
  private final CountInputs counts;
  private final RisingFactors factors = new RisingFactors();
  private Fed factorsOf;
  private int[] ofLevels = new int[0];

  DispersionInputs(Inputs inputs, View view, CountHeads heads, CountInputs counts) {
    this.inputs = inputs;
    this.view = view;
    this.heads = heads;
    this.counts = counts;
  }

  /** Whether the table has a single row, which serves all cells. */
  boolean oneRow() {
    return heads.cellDispersion() == null && heads.levels() == null;
  }

  /** Of every entry. */
  Operand<TInt32> places() {
    if (heads.cellDispersion() != null) {
      return counts.places();
    }
    return oneRow() ? counts.genes() : indices("places", fed -> ofLevels(fed), this::entries);
  }

  /** Of every factor of the counts. */
  Operand<TInt32> ofFactors() {
    return indices("factors", fed -> factors(fed).dispersion, fed -> factors(fed).size);
  }

  Operand<TFloat32> steps() {
    return list("steps", fed -> factors(fed).step, fed -> factors(fed).size);
  }

  Operand<TFloat32> weights() {
    return list("weights", fed -> factors(fed).weight, fed -> factors(fed).size);
  }

  /** Of every count that is too large for factors. */
  Operand<TInt32> ofLarge() {
    return indices("large", fed -> factors(fed).largeDispersion, fed -> factors(fed).largeSize);
  }

  Operand<TFloat32> large() {
    return list("large counts", fed -> factors(fed).large, fed -> factors(fed).largeSize);
  }

  private interface Array<T> {
    T of(Fed fed);
  }

  private interface Length {
    int of(Fed fed);
  }

  private int entries(Fed fed) {
    return fed.minibatch.counts(view).size();
  }

  private Operand<TInt32> indices(String what, Array<int[]> array, Length length) {
    return inputs.add(
        view + " dispersions: " + what,
        TInt32.class,
        Shape.of(Inputs.OPEN),
        fed -> Inputs.integers(array.of(fed), length.of(fed)));
  }

  private Operand<TFloat32> list(String what, Array<float[]> array, Length length) {
    return inputs.add(
        view + " dispersions: " + what,
        TFloat32.class,
        Shape.of(Inputs.OPEN),
        fed -> Inputs.list(array.of(fed), length.of(fed)));
  }

  private RisingFactors factors(Fed fed) {
    if (factorsOf == fed) {
      return factors;
    }
    Counts of = fed.minibatch.counts(view);
    if (oneRow()) {
      factors.ofGenes(of);
    } else {
      factors.ofEntries(of, heads.levels() == null ? counts.places(fed) : ofLevels(fed));
    }
    factorsOf = fed;
    return factors;
  }

  private int[] ofLevels(Fed fed) {
    Counts of = fed.minibatch.counts(view);
    int[] codes = fed.minibatch.codes(view, heads.levels());
    if (ofLevels.length < of.size()) {
      ofLevels = new int[of.gene().length];
    }
    for (int i = 0; i < of.cells(); i++) {
      for (int p = of.start()[i]; p < of.start()[i + 1]; p++) {
        ofLevels[p] = codes[i] * of.genes() + of.gene()[p];
      }
    }
    return ofLevels;
  }
}
