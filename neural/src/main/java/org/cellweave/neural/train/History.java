package org.cellweave.neural.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What training recorded, by name, one number per epoch; NaN where an epoch was not validated.
 * Names are scvi-tools': {@code elbo_train} (per cell, lower is better), {@code
 * reconstruction_loss_validation}, {@code kl_weight}.
 */
public final class History {
  private final Map<String, List<Double>> series = new LinkedHashMap<>();
  private int epochs;

  void endEpoch(Map<String, Double> values) {
    for (String name : values.keySet()) {
      series.computeIfAbsent(name, n -> nothing(epochs));
    }
    series.forEach((name, list) -> list.add(values.getOrDefault(name, Double.NaN)));
    epochs++;
  }

  private static List<Double> nothing(int n) {
    List<Double> out = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      out.add(Double.NaN);
    }
    return out;
  }

  public int epochs() {
    return epochs;
  }

  /** Names in the order in which they came up. */
  public List<String> names() {
    return List.copyOf(series.keySet());
  }

  /**
   * One number per epoch.
   *
   * @throws IllegalArgumentException when nothing of this name was recorded
   */
  public double[] get(String name) {
    List<Double> found = series.get(name);
    if (found == null) {
      throw new IllegalArgumentException("history has no '" + name + "'; it has " + names());
    }
    return found.stream().mapToDouble(Double::doubleValue).toArray();
  }

  public boolean has(String name) {
    return series.containsKey(name);
  }

  /** All series by name, copied. */
  public Map<String, double[]> series() {
    Map<String, double[]> out = new LinkedHashMap<>();
    series.keySet().forEach(name -> out.put(name, get(name)));
    return out;
  }

  /** The epochs of this, then those of the other. */
  public History then(History other) {
    History out = new History();
    for (History part : List.of(this, other)) {
      for (int e = 0; e < part.epochs; e++) {
        Map<String, Double> values = new LinkedHashMap<>();
        int epoch = e;
        part.series.forEach((name, list) -> values.put(name, list.get(epoch)));
        out.endEpoch(values);
      }
    }
    return out;
  }

  /** A history of these series, all of one length. */
  public static History of(Map<String, double[]> series) {
    History out = new History();
    int epochs = series.values().stream().mapToInt(v -> v.length).max().orElse(0);
    for (int e = 0; e < epochs; e++) {
      Map<String, Double> values = new LinkedHashMap<>();
      int epoch = e;
      series.forEach((name, list) -> values.put(name, list[epoch]));
      out.endEpoch(values);
    }
    return out;
  }
}
