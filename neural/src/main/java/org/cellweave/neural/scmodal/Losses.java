package org.cellweave.neural.scmodal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The terms of every step, without their weights; sums over sets, or pairs of neighbouring sets.
 *
 * @param discriminator what discriminators lower, at the last of their updates
 * @param adversarial what encoders lower against them
 * @param reconstruction of the sets from their latent places
 * @param cycle how far latent places lie from those of what the other decoder makes of them
 * @param neighbors how far mutual neighbours lie apart
 * @param geometry how unlike neighbourhoods are; -.975 a set where they are alike
 */
public record Losses(
    double[] discriminator,
    double[] adversarial,
    double[] reconstruction,
    double[] cycle,
    double[] neighbors,
    double[] geometry) {

  static Losses of(int steps) {
    return new Losses(
        new double[steps],
        new double[steps],
        new double[steps],
        new double[steps],
        new double[steps],
        new double[steps]);
  }

  /** By the names that the paper's program gives them, in small letters. */
  public Map<String, double[]> byName() {
    Map<String, double[]> out = new LinkedHashMap<>();
    out.put("d", discriminator);
    out.put("gan", adversarial);
    out.put("ae", reconstruction);
    out.put("la", cycle);
    out.put("mnn", neighbors);
    out.put("geo", geometry);
    return out;
  }
}
