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

  public VaeShape {
    Check.positive(genes, "genes");
    Check.positive(batches, "batches");
    Check.positive(hidden, "nHidden");
    Check.positive(latent, "nLatent");
    Check.positive(layers, "nLayers");
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropoutRate must lie in [0, 1), got " + dropout);
    }
    categories = List.copyOf(categories);
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
