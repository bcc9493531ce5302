package org.cellweave.neural.module;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.nn.Node;

/** What training lowers: a sum of means over cells, each with its weight. */
public record Loss(List<Term> terms) {
  /** What a term counts to in the history. */
  public enum Part {
    /** Reconstruction, a part of the evidence lower bound. */
    RECONSTRUCTION,
    /** Divergences of latent places, a part of the evidence lower bound. */
    KL,
    /** In the loss alone. */
    EXTRA
  }

  /**
   * @param name as the history has it
   * @param value 1 x 1
   * @param weight a constant
   * @param warmedUp whether the weight of the warm-up multiplies it
   */
  public record Term(String name, Part part, Node value, double weight, boolean warmedUp) {
    /**
     * @param warmUp the weight of the warm-up at this step
     */
    public double weightAt(double warmUp) {
      return warmedUp ? weight * warmUp : weight;
    }
  }

  /** Collects terms. */
  public static final class Builder {
    private final List<Term> terms = new ArrayList<>();

    public Builder add(String name, Part part, Node value, double weight, boolean warmedUp) {
      terms.add(new Term(name, part, value, weight, warmedUp));
      return this;
    }

    public Loss build() {
      return new Loss(List.copyOf(terms));
    }
  }

  public static Builder builder() {
    return new Builder();
  }
}
