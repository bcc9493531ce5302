package org.cellweave.integrate.mosaic;

import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;

/**
 * How many features of a mosaic just these parts have and no others, for every set of parts that
 * has such features: what an UpSet plot draws.
 *
 * @param topology of the parts
 * @param intersections the largest first; of equal ones that of more parts
 * @see <a href="https://doi.org/10.1109/TVCG.2014.2346248">Lex 2014, UpSet</a>
 */
public record FeatureIntersections(MosaicTopology topology, List<Intersection> intersections) {

  /**
   * @param of places of the parts that have these features
   * @param size number of the features
   */
  public record Intersection(BitSet of, int size) {}

  /**
   * @throws IllegalArgumentException as {@code MosaicParts}
   */
  public static FeatureIntersections of(IntegrationInput input) {
    List<MosaicPart> parts = MosaicParts.of(input, MosaicTopology.NAME);
    Map<String, BitSet> having = new LinkedHashMap<>();
    for (int p = 0; p < parts.size(); p++) {
      for (String feature : parts.get(p).features()) {
        having.computeIfAbsent(feature, f -> new BitSet()).set(p);
      }
    }
    Map<BitSet, Integer> sizes = new LinkedHashMap<>();
    having.values().forEach(set -> sizes.merge(set, 1, Integer::sum));
    return new FeatureIntersections(
        MosaicTopology.of(parts),
        sizes.entrySet().stream()
            .map(e -> new Intersection(e.getKey(), e.getValue()))
            .sorted(
                Comparator.comparingInt((Intersection i) -> -i.size())
                    .thenComparingInt(i -> -i.of().cardinality()))
            .toList());
  }
}
