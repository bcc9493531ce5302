package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Features of one kind, as a model knows them.
 *
 * @param features names, in the model's order; those of one piece lie together
 * @param pieces first feature of every piece that has a network of its own, and the number of
 *     features; chromosomes of accessible regions, one piece for all else
 */
record Modality(String name, String[] features, Likelihood likelihood, int[] pieces) {
  /** What counts are taken for. */
  enum Likelihood {
    POISSON,
    NEGATIVE_BINOMIAL,
    BERNOULLI
  }

  static Modality counts(String name, String[] features, Likelihood likelihood) {
    return new Modality(name, features.clone(), likelihood, new int[] {0, features.length});
  }

  /** Regions by chromosome, which is what stands before the first {@code :} or {@code -}. */
  static Modality regions(String name, String[] features) {
    Map<String, List<String>> byChromosome = new LinkedHashMap<>();
    for (String feature : features) {
      byChromosome.computeIfAbsent(chromosome(feature), c -> new ArrayList<>()).add(feature);
    }
    List<String> ordered = new ArrayList<>();
    int[] pieces = new int[byChromosome.size() + 1];
    int k = 0;
    for (List<String> piece : byChromosome.values()) {
      ordered.addAll(piece);
      pieces[++k] = ordered.size();
    }
    return new Modality(name, ordered.toArray(new String[0]), Likelihood.BERNOULLI, pieces);
  }

  /** Empty for a feature that is no region. */
  private static String chromosome(String feature) {
    String[] parts = feature.split("[:-]", -1);
    return parts.length == 3 && parts[1].matches("\\d+") && parts[2].matches("\\d+")
        ? parts[0]
        : "";
  }

  boolean isRegions() {
    return likelihood == Likelihood.BERNOULLI;
  }

  int nFeatures() {
    return features.length;
  }

  int nPieces() {
    return pieces.length - 1;
  }

  int width(int piece) {
    return pieces[piece + 1] - pieces[piece];
  }
}
