package org.cellweave.neural.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.random.Streams;

/**
 * The weights of one module by name, in the order in which it made them.
 *
 * <p>Every parameter draws its start from a stream of its own, so that a layer more or less changes
 * no other.
 */
public final class Parameters {
  private final long seed;
  private final Map<String, Parameter> byName = new LinkedHashMap<>();

  public Parameters(long seed) {
    this.seed = seed;
  }

  /** As linear layers start: uniform within one over the root of all inputs of the unit. */
  public Parameter uniform(String name, int rows, int cols, int fanIn) {
    Parameter made = constant(name, rows, cols, 0);
    var random = Streams.of(Streams.mix(seed) ^ name.hashCode(), 0);
    double bound = 1 / Math.sqrt(fanIn);
    float[] values = made.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return made;
  }

  /** Standard normal. */
  public Parameter normal(String name, int rows, int cols) {
    return normal(name, rows, cols, 1);
  }

  /** Normal with mean 0. */
  public Parameter normal(String name, int rows, int cols, double deviation) {
    Parameter made = constant(name, rows, cols, 0);
    float[] values = made.values();
    Noise.normal(Streams.of(Streams.mix(seed) ^ name.hashCode(), 0), values);
    for (int i = 0; i < values.length; i++) {
      values[i] *= (float) deviation;
    }
    return made;
  }

  public Parameter constant(String name, int rows, int cols, double value) {
    return add(new Parameter(name, rows, cols, false), value);
  }

  /** State that follows the minibatches: running means and variances. */
  public Parameter state(String name, int cols, double value) {
    return add(new Parameter(name, 1, cols, true), value);
  }

  private Parameter add(Parameter made, double value) {
    Arrays.fill(made.values(), (float) value);
    if (byName.putIfAbsent(made.name(), made) != null) {
      throw new IllegalStateException("two parameters are called '" + made.name() + "'");
    }
    return made;
  }

  public Collection<Parameter> all() {
    return byName.values();
  }

  /** Those whose rows training may change. */
  public List<Parameter> trainable() {
    List<Parameter> out = new ArrayList<>();
    for (Parameter p : all()) {
      if (p.isTrainable()) {
        out.add(p);
      }
    }
    return out;
  }

  /**
   * @throws IllegalArgumentException when there is none of this name
   */
  public Parameter get(String name) {
    Parameter found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "no parameter '" + name + "'; there are " + byName.keySet());
    }
    return found;
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** A copy of all values by name, to come back to by {@link #restore}. */
  public Map<String, float[]> snapshot() {
    Map<String, float[]> out = new LinkedHashMap<>();
    byName.forEach((name, p) -> out.put(name, p.values().clone()));
    return out;
  }

  /**
   * Takes the values of a snapshot.
   *
   * @throws IllegalArgumentException when a parameter is missing there or has another size
   */
  public void restore(Map<String, float[]> values) {
    byName.forEach(
        (name, p) -> {
          float[] from = values.get(name);
          if (from == null || from.length != p.values().length) {
            throw new IllegalArgumentException(
                "weights of '" + p + "' expected, got " + (from == null ? "none" : from.length));
          }
        });
    byName.forEach(
        (name, p) -> System.arraycopy(values.get(name), 0, p.values(), 0, p.values().length));
  }

  /** Takes the values of all parameters of the same name and size, and leaves the others. */
  public void takeFrom(Parameters other) {
    for (Parameter p : all()) {
      Parameter from = other.byName.get(p.name());
      if (from != null && from.rows() == p.rows() && from.cols() == p.cols()) {
        System.arraycopy(from.values(), 0, p.values(), 0, p.values().length);
      }
    }
  }

  /**
   * Takes the values of a reference whose covariates have fewer levels: rows of further levels keep
   * their start. A covariate that told nothing in the reference, because it had one level, tells
   * nothing about that level here.
   */
  public void takeReference(Parameters reference) {
    for (Parameter p : all()) {
      Parameter from = reference.byName.get(p.name());
      if (from == null) {
        Arrays.fill(p.values(), 0, p.cols(), 0);
      } else if (from.cols() != p.cols() || from.rows() > p.rows()) {
        throw new IllegalArgumentException(p + " cannot take the values of " + from);
      } else {
        System.arraycopy(from.values(), 0, p.values(), 0, from.values().length);
      }
    }
  }
}
