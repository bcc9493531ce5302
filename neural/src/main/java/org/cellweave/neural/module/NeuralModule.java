package org.cellweave.neural.module;

import java.util.List;
import java.util.Set;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;

/** A network with its weights and its objective, in the operations of {@link Graph}. */
public interface NeuralModule {
  Parameters parameters();

  /** The objective on one minibatch. */
  Loss loss(Graph graph);

  /** The matrices of counts that {@link #loss} reads in training, besides the cells themselves. */
  default Set<View> views() {
    return Set.of(View.CELLS);
  }

  /** Names of the terms of {@link #loss} in training that are no part of the bound. */
  default List<String> extraTerms() {
    return List.of();
  }
}
