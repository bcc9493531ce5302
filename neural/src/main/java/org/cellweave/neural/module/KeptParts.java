package org.cellweave.neural.module;

/**
 * The parts of a reference that stay as they are while cells of new batches are trained on. What is
 * kept is not trained at all, so that weight decay does not move it either.
 *
 * @param dropout whether nothing is dropped in training
 * @param expression whether the encoder's weights on counts stay
 * @param decoderFirstLayer whether the decoder's weights on latent places stay
 * @param encoderNorms whether batch normalisation of encoders stays, running statistics with it
 * @param decoderNorms as {@code encoderNorms}, of the decoder
 * @param classifier whether the classifier of labels stays
 * @see <a href="https://doi.org/10.1038/s41587-021-01001-7">Lotfollahi et al. 2022</a>
 */
public record KeptParts(
    boolean dropout,
    boolean expression,
    boolean decoderFirstLayer,
    boolean encoderNorms,
    boolean decoderNorms,
    boolean classifier) {
  public static final KeptParts DEFAULTS = builder().build();

  public static Builder builder() {
    return new Builder();
  }

  /** The one place where the default values are written. */
  public static final class Builder {
    private boolean dropout = false;
    private boolean expression = true;
    private boolean decoderFirstLayer = true;
    private boolean encoderNorms = true;
    private boolean decoderNorms = false;
    private boolean classifier = true;

    public Builder dropout(boolean value) {
      dropout = value;
      return this;
    }

    public Builder expression(boolean value) {
      expression = value;
      return this;
    }

    public Builder decoderFirstLayer(boolean value) {
      decoderFirstLayer = value;
      return this;
    }

    public Builder encoderNorms(boolean value) {
      encoderNorms = value;
      return this;
    }

    public Builder decoderNorms(boolean value) {
      decoderNorms = value;
      return this;
    }

    public Builder classifier(boolean value) {
      classifier = value;
      return this;
    }

    public KeptParts build() {
      return new KeptParts(
          dropout, expression, decoderFirstLayer, encoderNorms, decoderNorms, classifier);
    }
  }
}
