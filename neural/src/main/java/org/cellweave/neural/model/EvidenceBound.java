package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.module.CellTerm;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.nn.Node;

/** How well a model fits cells, each by one draw of its place. */
public final class EvidenceBound {
  private EvidenceBound() {}

  /**
   * One number per cell.
   *
   * @param reconstruction negative log likelihood of the counts; of scANVI with the terms of the
   *     first latent place, as in training
   * @param kl divergences of distributions from their priors
   */
  public record Result(double[] reconstruction, double[] kl) {
    /** The evidence lower bound by cell; higher is better. */
    public double[] elbo() {
      double[] out = new double[kl.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = -(reconstruction[i] + kl[i]);
      }
      return out;
    }

    public double meanElbo() {
      return mean(elbo());
    }

    public double meanReconstruction() {
      return mean(reconstruction);
    }

    static double mean(double[] values) {
      double sum = 0;
      for (double v : values) {
        sum += v;
      }
      return sum / values.length;
    }
  }

  /**
   * @param seed of what is drawn
   */
  public static Result run(CountModel model, CellData cells, long seed) {
    CellData read = model.asked(cells).requireCounts("the evidence lower bound");
    int n = read.nCells();
    int[] which = CountModel.chosen(null, n);
    Result out = new Result(new double[n], new double[n]);
    Vae module = model.module();
    var dispersion = RowDecoder.Dispersion.of(module);
    BlockRunner.forBlocks(
        read,
        n,
        (runner, first, count) -> {
          Terms terms = new Terms(module);
          var noise = new CellNoise(seed, module.shape().latent(), which, first, count);
          List<float[]> values = runner.run(which, first, count, noise, null, terms::nodes);
          String levels = module.shape().dispersion().codes();
          int[] codes = levels == null ? null : runner.codes(levels);
          var decoded = new Decoded(module.shape(), count, values, dispersion, codes);
          double[] means = new double[model.nGenes()];
          double[] theta = new double[model.nGenes()];
          for (int i = 0; i < count; i++) {
            decoded.means(i, means);
            decoded.dispersions(i, theta);
            double likelihood = decoded.logLikelihood(i, runner.counts(), i, means, theta);
            out.reconstruction[first + i] =
                terms.sum(values, i, Loss.Part.RECONSTRUCTION) - likelihood;
            out.kl[first + i] = terms.sum(values, i, Loss.Part.KL);
          }
        });
    return out;
  }

  /** The terms beside the likelihood, after the nodes of the decoder. */
  private static final class Terms {
    private final Vae module;
    private List<CellTerm> terms = List.of();
    private int first;

    Terms(Vae module) {
      this.module = module;
    }

    List<Node> nodes(org.cellweave.neural.nn.Graph graph) {
      Vae.Drawn drawn = module.drawn(graph);
      List<Node> nodes = new ArrayList<>(Decoded.nodes(drawn.heads()));
      first = nodes.size();
      terms = module.terms(graph, drawn);
      terms.forEach(term -> nodes.add(term.value()));
      return nodes;
    }

    double sum(List<float[]> values, int row, Loss.Part part) {
      double sum = 0;
      for (int k = 0; k < terms.size(); k++) {
        CellTerm term = terms.get(k);
        sum += term.part() == part ? term.weight() * values.get(first + k)[row] : 0;
      }
      return sum;
    }
  }
}
