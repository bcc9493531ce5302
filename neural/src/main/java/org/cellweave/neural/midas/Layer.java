package org.cellweave.neural.midas;

import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;

/** A linear layer, alone or with normalisation, Mish and dropout behind it. */
final class Layer {
  private final Parameter weight;
  private final Parameter bias;
  private final Activation activation;

  /** Weights of the normalisation of units. */
  record Activation(Parameter factor, Parameter shift) {
    static Activation of(Parameters parameters, String name, int units) {
      return new Activation(
          parameters.constant(name + ".norm.weight", 1, units, 1),
          parameters.constant(name + ".norm.bias", 1, units, 0));
    }
  }

  private Layer(Parameter weight, Parameter bias, Activation activation) {
    this.weight = weight;
    this.bias = bias;
    this.activation = activation;
  }

  static Layer linear(Parameters parameters, String name, int in, int out) {
    return new Layer(
        parameters.uniform(name + ".weight", out, in, in),
        parameters.uniform(name + ".bias", 1, out, in),
        null);
  }

  static Layer activated(Parameters parameters, String name, int in, int out) {
    Layer plain = linear(parameters, name, in, out);
    return new Layer(plain.weight, plain.bias, Activation.of(parameters, name, out));
  }

  /** Weights lie by feature, as counts want them. */
  static Layer onCounts(Parameters parameters, String name, int features, int out) {
    return new Layer(
        parameters.uniform(name + ".weight", features, out, features),
        parameters.uniform(name + ".bias", 1, out, features),
        Activation.of(parameters, name, out));
  }

  Node apply(Pass pass, Node x) {
    return after(pass, pass.tape().times(x, weight));
  }

  Node apply(Pass pass, Counts counts, boolean log1p) {
    return after(pass, pass.tape().countsTimes(counts, log1p, weight));
  }

  private Node after(Pass pass, Node product) {
    Node h = pass.tape().addRow(product, bias);
    return activation == null ? h : pass.activated(h, activation);
  }
}
