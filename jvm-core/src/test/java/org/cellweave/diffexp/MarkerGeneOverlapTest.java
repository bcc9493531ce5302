package org.cellweave.diffexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarkerGeneOverlapTest {
  private static final List<Set<String>> REFERENCE =
      List.of(Set.of("a", "b", "c"), Set.of("x"), Set.of());
  private static final List<Set<String>> DATA = List.of(Set.of("a", "b", "x", "y"), Set.of("c"));

  private static double[][] overlap(
      MarkerGeneOverlap.Method method, MarkerGeneOverlap.Normalize normalize) {
    return MarkerGeneOverlap.run(
        REFERENCE,
        DATA,
        MarkerGeneOverlap.Params.builder().method(method).normalize(normalize).build());
  }

  @Test
  void byHand() {
    assertThat(overlap(MarkerGeneOverlap.Method.OVERLAP_COUNT, null))
        .isDeepEqualTo(new double[][] {{2, 1}, {1, 0}, {0, 0}});
    assertThat(
            overlap(MarkerGeneOverlap.Method.OVERLAP_COUNT, MarkerGeneOverlap.Normalize.REFERENCE))
        .isDeepEqualTo(new double[][] {{2 / 3.0, 1 / 3.0}, {1, 0}, {0, 0}});
    assertThat(overlap(MarkerGeneOverlap.Method.OVERLAP_COUNT, MarkerGeneOverlap.Normalize.DATA))
        .isDeepEqualTo(new double[][] {{0.5, 1}, {0.25, 0}, {0, 0}});
    assertThat(overlap(MarkerGeneOverlap.Method.OVERLAP_COEF, null))
        .isDeepEqualTo(new double[][] {{2 / 3.0, 1}, {1, 0}, {0, 0}});
    assertThat(overlap(MarkerGeneOverlap.Method.JACCARD, null))
        .isDeepEqualTo(new double[][] {{2 / 5.0, 1 / 3.0}, {1 / 4.0, 0}, {0, 0}});
  }

  @Test
  void messages() {
    assertThatThrownBy(
            () -> overlap(MarkerGeneOverlap.Method.JACCARD, MarkerGeneOverlap.Normalize.DATA))
        .hasMessage("normalize goes with method = overlap_count only, got JACCARD");
    assertThatThrownBy(() -> MarkerGeneOverlap.Params.builder().nTopMarkers(0).build())
        .hasMessage("topNMarkers must be positive, got 0");
  }
}
