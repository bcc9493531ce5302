package org.cellweave.neural.scmodal;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.nn.Layers;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;

/**
 * An encoder and a decoder of every set, and a discriminator between neighbouring ones: linear
 * layers with rectifiers between them. All weights and biases start normal.
 */
final class Networks {
  private static final double DEVIATION = 0.1;

  private final Parameters parameters;
  private final List<List<Layer>> encoders = new ArrayList<>();
  private final List<List<Layer>> decoders = new ArrayList<>();
  private final List<List<Layer>> discriminators = new ArrayList<>();

  private record Layer(Parameter weight, Parameter bias) {}

  /**
   * @param features of every set
   */
  Networks(int[] features, int nHidden, int nLatent, long seed) {
    parameters = new Parameters(seed);
    for (int s = 0; s < features.length; s++) {
      encoders.add(layers("encoder." + s, features[s], nHidden, nLatent));
      decoders.add(layers("decoder." + s, nLatent, nHidden, features[s]));
      if (s > 0) {
        discriminators.add(layers("discriminator." + (s - 1), nLatent, nHidden, nHidden, 1));
      }
    }
  }

  private List<Layer> layers(String name, int... units) {
    List<Layer> out = new ArrayList<>();
    for (int k = 1; k < units.length; k++) {
      String layer = name + "." + (k - 1);
      out.add(
          new Layer(
              parameters.normal(layer + ".weight", units[k], units[k - 1], DEVIATION),
              parameters.normal(layer + ".bias", 1, units[k], DEVIATION)));
    }
    return out;
  }

  Parameters parameters() {
    return parameters;
  }

  /** Those of all encoders and decoders. */
  List<Parameter> generators() {
    List<Parameter> out = new ArrayList<>();
    encoders.forEach(of -> addTo(of, out));
    decoders.forEach(of -> addTo(of, out));
    return out;
  }

  List<Parameter> discriminator(int pair) {
    List<Parameter> out = new ArrayList<>();
    addTo(discriminators.get(pair), out);
    return out;
  }

  private static void addTo(List<Layer> layers, List<Parameter> to) {
    for (Layer layer : layers) {
      to.add(layer.weight);
      to.add(layer.bias);
    }
  }

  /**
   * @param x of set s, as networks see it
   */
  Node encode(Layers tape, int s, Node x) {
    return through(tape, encoders.get(s), x);
  }

  Node decode(Layers tape, int s, Node z) {
    return through(tape, decoders.get(s), z);
  }

  /** One column; above zero for cells of the first set of a pair. */
  Node discriminate(Layers tape, int pair, Node z) {
    return through(tape, discriminators.get(pair), z);
  }

  private static Node through(Layers tape, List<Layer> layers, Node x) {
    Node h = x;
    for (int k = 0; k < layers.size(); k++) {
      h = k == 0 ? h : tape.relu(h);
      h = tape.addRow(tape.times(h, layers.get(k).weight), layers.get(k).bias);
    }
    return h;
  }
}
