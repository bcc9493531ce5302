package org.cellweave.diffexp;

import java.util.List;
import java.util.Set;

/**
 * How far sets of marker genes overlap: every reference set against every set found in the data.
 *
 * <p>Measures and normalisations are those of scanpy 1.11.5. An empty set overlaps nothing.
 */
public final class MarkerGeneOverlap {
  private MarkerGeneOverlap() {}

  /** The measure. */
  public enum Method {
    /** Number of common genes. */
    OVERLAP_COUNT,
    /** Common genes over the smaller set. */
    OVERLAP_COEF,
    /** Common genes over all genes of both. */
    JACCARD
  }

  /** What counts are divided by. */
  public enum Normalize {
    /** The size of the reference set. */
    REFERENCE,
    /** The size of the set from the data. */
    DATA
  }

  /**
   * @param method the measure
   * @param normalize only for {@code OVERLAP_COUNT}; null for none
   * @param nTopMarkers genes taken from each ranking where nothing else bounds them
   */
  public record Params(Method method, Normalize normalize, int nTopMarkers) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (normalize != null && method != Method.OVERLAP_COUNT) {
        throw new IllegalArgumentException(
            "normalize goes with method = overlap_count only, got " + method);
      }
      if (nTopMarkers < 1) {
        throw new IllegalArgumentException("topNMarkers must be positive, got " + nTopMarkers);
      }
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Method method = Method.OVERLAP_COUNT;
      private Normalize normalize = null;
      private int nTopMarkers = 100;

      public Builder method(Method value) {
        method = value;
        return this;
      }

      public Builder normalize(Normalize value) {
        normalize = value;
        return this;
      }

      public Builder nTopMarkers(int value) {
        nTopMarkers = value;
        return this;
      }

      public Params build() {
        return new Params(method, normalize, nTopMarkers);
      }
    }
  }

  /** One row per reference set, one column per set from the data. */
  public static double[][] run(List<Set<String>> reference, List<Set<String>> data, Params params) {
    double[][] out = new double[reference.size()][data.size()];
    for (int r = 0; r < out.length; r++) {
      for (int d = 0; d < data.size(); d++) {
        out[r][d] = overlap(reference.get(r), data.get(d), params);
      }
    }
    return out;
  }

  private static double overlap(Set<String> a, Set<String> b, Params params) {
    double common = a.stream().filter(b::contains).count();
    double by =
        switch (params.method()) {
          case OVERLAP_COUNT ->
              params.normalize() == null
                  ? 1
                  : params.normalize() == Normalize.REFERENCE ? a.size() : b.size();
          case OVERLAP_COEF -> Math.min(a.size(), b.size());
          case JACCARD -> a.size() + b.size() - common;
        };
    return by == 0 ? 0 : common / by;
  }
}
