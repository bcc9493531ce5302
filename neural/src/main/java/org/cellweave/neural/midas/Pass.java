package org.cellweave.neural.midas;

import java.util.List;
import org.cellweave.neural.fused.LayerTape;
import org.cellweave.neural.nn.Node;

/**
 * One way through the networks.
 *
 * @param draws of dropout and places
 * @param dropout share of units that are left out in training
 */
record Pass(LayerTape tape, Draws draws, double dropout) {

  /** What follows a layer. */
  Node activated(Node x, Layer.Activation by) {
    int rows = tape.rows(x);
    double rate = tape.isTraining() ? dropout : 0;
    var operation = new NormMish(rows, x.cols(), rate, draws.next());
    return tape.apply(
        rows, x.cols(), operation, x, tape.parameter(by.factor()), tape.parameter(by.shift()));
  }

  /** Means and logarithms of variances of the product of these. */
  Node product(List<Node> experts) {
    Node first = experts.get(0);
    int rows = tape.rows(first);
    var operation = new ProductOfExperts(rows, first.cols() / 2);
    return tape.apply(rows, first.cols(), operation, experts.toArray(new Node[0]));
  }

  /** A place of every row: drawn in training, the mean otherwise. */
  Node place(Node distribution) {
    int rows = tape.rows(distribution);
    int dims = distribution.cols() / 2;
    return tape.isTraining()
        ? tape.apply(rows, dims, new GaussianDraw(rows, dims, draws.next()), distribution)
        : Columns.of(tape, distribution, 0, dims);
  }
}
