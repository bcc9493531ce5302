package org.cellweave.neural.module;

import java.util.List;
import java.util.Set;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.View;

/**
 * The autoencoder that also encodes every cell with a part of its counts, and draws both places
 * together by the cross-correlation of their dimensions.
 *
 * @see <a href="https://doi.org/10.64898/2026.02.11.705441">Svensson 2026</a>
 * @see <a href="https://doi.org/10.48550/arXiv.2103.03230">Zbontar et al. 2021</a>
 */
public final class JointEmbeddingVae extends Vae {
  private final JointWeights weights;

  /**
   * @param joint of the cross-correlation loss
   * @param offDiagonal of redundancy within that loss
   * @param reconstruction of the reconstruction
   * @param variance of the loss that keeps dimensions from collapsing
   * @param minLibrarySize the least total that a cell is thinned to
   */
  public record JointWeights(
      double joint,
      double offDiagonal,
      double reconstruction,
      double variance,
      double minLibrarySize) {
    public static final JointWeights DEFAULTS = new JointWeights(100, 0.01, 1, 0, 10);
  }

  public JointEmbeddingVae(VaeShape shape, JointWeights weights, long seed) {
    super(shape, seed);
    this.weights = weights;
  }

  public JointWeights weights() {
    return weights;
  }

  @Override
  public Set<View> views() {
    return Set.of(View.CELLS, View.THINNED);
  }

  @Override
  public List<String> extraTerms() {
    return List.of(
        "cco_invariance", "cco_redundancy", "variance_loss_full", "variance_loss_thinned");
  }

  @Override
  public Loss loss(Graph graph) {
    Loss.Builder loss = Loss.builder();
    Drawn full = elbo(graph, loss, weights.reconstruction());
    if (!graph.isTraining()) {
      return loss.build();
    }
    Node thinned = draw(graph, encode(graph, View.THINNED));
    if (infersLibrary()) {
      // nothing of the loss depends on it, but running statistics follow, as they do in scvi-tools
      encodeLibrary(graph, View.THINNED);
    }
    Node cross = graph.crossCorrelation(thinned, full.z());
    Node invariance = graph.column(cross, 0);
    Node redundancy = graph.column(cross, 1);
    loss.add("cco_invariance", Loss.Part.EXTRA, invariance, weights.joint(), false);
    loss.add(
        "cco_redundancy",
        Loss.Part.EXTRA,
        redundancy,
        weights.joint() * weights.offDiagonal(),
        false);
    loss.add(
        "variance_loss_full",
        Loss.Part.EXTRA,
        graph.varianceHinge(full.z()),
        0.5 * weights.variance(),
        false);
    loss.add(
        "variance_loss_thinned",
        Loss.Part.EXTRA,
        graph.varianceHinge(thinned),
        0.5 * weights.variance(),
        false);
    return loss.build();
  }
}
