package org.cellweave.neural.module;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.nn.Covariates;
import org.cellweave.neural.nn.Covariates.Level;
import org.cellweave.util.Check;

/**
 * What a variational autoencoder of counts is built of.
 *
 * @param genes inputs and outputs
 * @param batches number of batches, at least one
 * @param labels number of labels, for {@code Dispersion.GENE_LABEL}
 * @param categories numbers of levels of further categorical covariates
 * @param continuous number of continuous covariates
 * @param hidden units of a hidden layer
 * @param latent latent dimensions
 * @param layers hidden layers of encoder and decoder
 * @param dropout share of units that training drops in the encoder
 * @param observedLibrary whether the total of a cell is taken as it is, instead of inferred
 * @param sizeFactor whether totals are given, and shares need not add up to one
 * @param logVariational whether the encoder sees {@code log(1 + x)}
 * @param injectDeep whether every layer sees the covariates, not the first alone
 * @param encodeCovariates whether the encoder sees them at all
 * @param linearDecoder whether the decoder is one linear layer: {@code LinearSCVI}
 * @param decoderBias whether that layer has a bias
 */
public record VaeShape(
    int genes,
    int batches,
    int labels,
    List<Integer> categories,
    int continuous,
    int hidden,
    int latent,
    int layers,
    double dropout,
    Dispersion dispersion,
    Likelihood likelihood,
    LatentDistribution latentDistribution,
    boolean observedLibrary,
    boolean sizeFactor,
    boolean logVariational,
    boolean injectDeep,
    boolean encodeCovariates,
    Where batchNorm,
    Where layerNorm,
    boolean linearDecoder,
    boolean decoderBias) {

  /** Whose dispersion a gene has. */
  public enum Dispersion {
    GENE(null),
    GENE_BATCH("batch"),
    GENE_LABEL("labels"),
    GENE_CELL(null);

    private final String codes;

    Dispersion(String codes) {
      this.codes = codes;
    }

    /** Name of the codes that choose a dispersion; null where none do. */
    public String codes() {
      return codes;
    }
  }

  /** Of latent places: normal, or on the simplex. */
  public enum LatentDistribution {
    NORMAL,
    LN
  }

  /** Where a normalisation is. */
  public enum Where {
    NONE,
    ENCODER,
    DECODER,
    BOTH;

    public boolean inEncoder() {
      return this == ENCODER || this == BOTH;
    }

    public boolean inDecoder() {
      return this == DECODER || this == BOTH;
    }
  }

  /** Deeper than any network of this kind is, and no danger to memory. */
  public static final int MOST_LAYERS = 100;

  /** Bytes that training holds per weight: the weight, its gradient and two moments. */
  private static final int BYTES = 4 * Float.BYTES;

  public VaeShape {
    Check.positive(genes, "genes");
    Check.positive(batches, "batches");
    Check.positive(hidden, "nHidden");
    Check.positive(latent, "nLatent");
    requireLayers(layers);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropoutRate must lie in [0, 1), got " + dropout);
    }
    categories = List.copyOf(categories);
    double inputs = inputs(batches, continuous, categories);
    double rows = dispersion == Dispersion.GENE_LABEL ? labels : batches;
    double widest = Math.max(Math.max(genes, inputs), Math.max(layers > 1 ? hidden : 0, latent));
    double largest = Math.max(hidden * widest, genes * Math.max(linearDecoder ? latent : 0, rows));
    double weights = hidden * (genes + 3.0 * latent + (layers - 1.0) * hidden);
    requireRoom(weights, largest, genes, hidden, latent, layers);
  }

  private static double inputs(int batches, int continuous, List<Integer> categories) {
    // a covariate of one level has no weights
    double sum = continuous + (batches > 1 ? batches : 0);
    for (int levels : categories) {
      sum += levels > 1 ? levels : 0;
    }
    return sum;
  }

  /** No network of this shape has fewer weights: a bound that takes no memory to tell. */
  public double leastWeights() {
    double deep = (layers - 1.0) * hidden;
    double encoder = hidden * (genes + 2.0 * latent + deep);
    double seen = inputs(batches, continuous, categories);
    return linearDecoder
        ? encoder + genes * (latent + seen)
        : encoder + hidden * (latent + seen + deep + genes);
  }

  /**
   * @throws IllegalArgumentException unless a network may have so many hidden layers
   */
  public static void requireLayers(int layers) {
    Check.positive(layers, "nLayers");
    if (layers > MOST_LAYERS) {
      throw new IllegalArgumentException(
          "nLayers must be at most " + MOST_LAYERS + ", got " + layers);
    }
  }

  /**
   * @param weights about how many the network has
   * @param largest weights of its largest matrix
   */
  private static void requireRoom(
      double weights, double largest, int genes, int hidden, int latent, int layers) {
    long most = Runtime.getRuntime().maxMemory();
    if (largest > Integer.MAX_VALUE - 8 || weights * BYTES > most) {
      throw new IllegalArgumentException(
          String.format(
              java.util.Locale.ROOT,
              "nHidden = %d, nLatent = %d and nLayers = %d make a network of %.3g weights for %d"
                  + " genes, which needs %.1f GiB to be trained, and Java has %.1f. Choose fewer",
              hidden,
              latent,
              layers,
              Math.max(weights, largest),
              genes,
              Math.max(weights, largest) * BYTES / (1 << 30),
              most / (double) (1 << 30)));
    }
  }

  /** The batch, then the further categorical covariates. */
  public List<Level> covariates() {
    List<Level> out = new ArrayList<>();
    out.add(new Level("batch", batches));
    for (int k = 0; k < categories.size(); k++) {
      out.add(new Level(Covariates.category(k), categories.get(k)));
    }
    return out;
  }

  /** Rows of the dispersions that are parameters. */
  int dispersionRows() {
    return switch (dispersion) {
      case GENE -> 1;
      case GENE_BATCH -> batches;
      case GENE_LABEL -> labels;
      case GENE_CELL -> 0;
    };
  }
}
