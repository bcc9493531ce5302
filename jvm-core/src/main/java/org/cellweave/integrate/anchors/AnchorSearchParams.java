package org.cellweave.integrate.anchors;

import org.cellweave.util.Check;

/**
 * How anchors are found and scored, whatever space they are found in.
 *
 * @param dims dimensions of the common space
 * @param l2Norm brings every cell to length one there
 * @param kAnchor neighbours in the other set that must be mutual
 * @param kFilter nearest cells by expression that an anchor must be among; null for no filter
 * @param kScore neighbours in each set that the score compares
 * @param maxFeatures genes that the filter compares, about
 */
public record AnchorSearchParams(
    int dims, boolean l2Norm, int kAnchor, Integer kFilter, int kScore, int maxFeatures) {
  public static final AnchorSearchParams DEFAULTS = builder().build();

  public AnchorSearchParams {
    Check.positive(dims, "dims");
    Check.positive(kAnchor, "kAnchor");
    Check.positive(kScore, "kScore");
    Check.positive(maxFeatures, "maxFeatures");
    if (kFilter != null) {
      Check.positive(kFilter, "kFilter");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Cells that a set must have. */
  int leastCells() {
    return Math.max(dims + 1, Math.max(kAnchor, kScore));
  }

  /** What asks for {@link #leastCells}, for messages. */
  String asks(String step) {
    return step + " with dims = " + dims + ", kAnchor = " + kAnchor + ", kScore = " + kScore;
  }

  /** Whether the filter applies to two sets: both must have the cells that it asks for. */
  boolean filters(int nFirst, int nSecond) {
    return kFilter != null && Math.min(nFirst, nSecond) >= kFilter;
  }

  /** The one place where the default values are written. */
  public static final class Builder {
    private int dims = 30;
    private boolean l2Norm = true;
    private int kAnchor = 5;
    private Integer kFilter = 200;
    private int kScore = 30;
    private int maxFeatures = 200;

    private Builder() {}

    public Builder dims(int value) {
      dims = value;
      return this;
    }

    public Builder l2Norm(boolean value) {
      l2Norm = value;
      return this;
    }

    public Builder kAnchor(int value) {
      kAnchor = value;
      return this;
    }

    public Builder kFilter(Integer value) {
      kFilter = value;
      return this;
    }

    public Builder kScore(int value) {
      kScore = value;
      return this;
    }

    public Builder maxFeatures(int value) {
      maxFeatures = value;
      return this;
    }

    public AnchorSearchParams build() {
      return new AnchorSearchParams(dims, l2Norm, kAnchor, kFilter, kScore, maxFeatures);
    }
  }
}
