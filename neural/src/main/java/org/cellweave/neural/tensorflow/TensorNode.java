package org.cellweave.neural.tensorflow;

import org.cellweave.neural.nn.Node;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A place in TensorFlow's graph.
 *
 * @param value rows by columns
 */
record TensorNode(Operand<TFloat32> value, Rows rows, int cols) implements Node {}
