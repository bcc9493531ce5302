package org.cellweave.neural.tensorflow;

import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.View;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** The counts of one view as a graph reads them: those that are not zero, with where they lie. */
final class CountInputs {
  private final Inputs inputs;
  private final View view;
  private int[] places = new int[0];
  private Fed placesOf;
  private int[] pairs = new int[0];

  CountInputs(Inputs inputs, View view) {
    this.inputs = inputs;
    this.view = view;
  }

  private Counts counts(Fed fed) {
    return fed.minibatch.counts(view);
  }

  private String name(String what) {
    return view + " counts: " + what;
  }

  /** Of every entry. */
  Operand<TFloat32> values() {
    return inputs.add(
        name("values"),
        TFloat32.class,
        Shape.of(Inputs.OPEN),
        fed -> Inputs.list(counts(fed).value(), counts(fed).size()));
  }

  /** Row-major place of every entry among cells by genes. */
  Operand<TInt32> places() {
    return inputs.add(
        name("places"),
        TInt32.class,
        Shape.of(Inputs.OPEN),
        fed -> Inputs.integers(places(fed), counts(fed).size()));
  }

  /** As {@link #places()}, valid until the next run. */
  int[] places(Fed fed) {
    if (placesOf == fed) {
      return places;
    }
    Counts counts = counts(fed);
    // a matrix of more entries would not fit the likelihood either
    Math.multiplyExact(counts.cells(), counts.genes());
    if (places.length < counts.size()) {
      places = new int[counts.gene().length];
    }
    for (int i = 0; i < counts.cells(); i++) {
      for (int p = counts.start()[i]; p < counts.start()[i + 1]; p++) {
        places[p] = i * counts.genes() + counts.gene()[p];
      }
    }
    placesOf = fed;
    return places;
  }

  /** Gene of every entry. */
  Operand<TInt32> genes() {
    return inputs.add(
        name("genes"),
        TInt32.class,
        Shape.of(Inputs.OPEN),
        fed -> Inputs.integers(counts(fed).gene(), counts(fed).size()));
  }

  /** Cell and gene of every entry, side by side. */
  Operand<TInt32> pairs() {
    return inputs.add(
        name("pairs"),
        TInt32.class,
        Shape.of(Inputs.OPEN, 2),
        fed -> Inputs.integers(pairs(counts(fed)), Shape.of(counts(fed).size(), 2)));
  }

  private int[] pairs(Counts counts) {
    if (pairs.length < 2 * counts.size()) {
      pairs = new int[2 * counts.gene().length];
    }
    for (int i = 0; i < counts.cells(); i++) {
      for (int p = counts.start()[i]; p < counts.start()[i + 1]; p++) {
        pairs[2 * p] = i;
        pairs[2 * p + 1] = counts.gene()[p];
      }
    }
    return pairs;
  }

  /** Cells, genes. */
  Operand<TInt64> wideShape() {
    return inputs.add(
        name("wide shape"),
        TInt64.class,
        Shape.of(2),
        fed -> TInt64.vectorOf(counts(fed).cells(), counts(fed).genes()));
  }

  /** Cells, genes. */
  Operand<TInt32> shape() {
    return inputs.add(
        name("shape"),
        TInt32.class,
        Shape.of(2),
        fed -> TInt32.vectorOf(counts(fed).cells(), counts(fed).genes()));
  }

  /** Cells times genes. */
  Operand<TInt32> entries() {
    return inputs.add(
        name("entries"),
        TInt32.class,
        Shape.scalar(),
        fed -> TInt32.scalarOf(Math.multiplyExact(counts(fed).cells(), counts(fed).genes())));
  }

  /** Mean over cells of the sums of {@code log(x!)}. */
  Operand<TFloat32> logFactorials() {
    return inputs.scalar(
        name("log x!"), fed -> RisingFactors.logFactorials(counts(fed)) / counts(fed).cells());
  }
}
