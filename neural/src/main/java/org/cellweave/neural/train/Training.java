package org.cellweave.neural.train;

import java.nio.file.Path;
import org.cellweave.neural.data.ChunkedShuffle;
import org.cellweave.util.Check;

/**
 * How a model is trained.
 *
 * @param maxEpochs 0 for as many as make 20,000 cells seen 400 times, and at most 400
 * @param batchSize cells of a minibatch
 * @param trainSize share of the cells that is trained on
 * @param validationSize share that is held out; NaN for all others
 * @param learningRate of the optimiser
 * @param checkValEveryNEpoch epochs between validations; 0 for none, unless something watches them
 * @param earlyStopping null for none
 * @param plateau null for a constant rate
 * @param samplesPerLabel cells of every label that an epoch draws, of models with labels; 0 for all
 * @param chunkedShuffle order of the training cells that a file can follow; null for any order
 * @param checkpoint where an unfinished training is kept; null for nowhere
 * @param seed of the split, of orders and of all that is drawn
 */
public record Training(
    int maxEpochs,
    int batchSize,
    double trainSize,
    double validationSize,
    double learningRate,
    Optimizer optimizer,
    Warmup warmup,
    int checkValEveryNEpoch,
    EarlyStopping earlyStopping,
    Plateau plateau,
    int samplesPerLabel,
    ChunkedShuffle chunkedShuffle,
    CheckpointFolder checkpoint,
    long seed) {
  public static final Training DEFAULTS = builder().build();

  public Training {
    Check.nonNegative(maxEpochs, "maxEpochs");
    Check.positive(batchSize, "batchSize");
    Check.positive(Check.finite(learningRate, "lr"), "lr");
    Check.nonNegative(checkValEveryNEpoch, "checkValEveryNEpoch");
    Check.nonNegative(samplesPerLabel, "nSamplesPerLabel");
    if (batchSize < 3) {
      throw new IllegalArgumentException(
          "batchSize must be at least 3, for the statistics of a minibatch, got " + batchSize);
    }
  }

  /**
   * @param folder that holds the checkpoint; made where it is not there
   * @param everyNEpochs epochs between checkpoints
   */
  public record CheckpointFolder(Path folder, int everyNEpochs) {
    public CheckpointFolder {
      Check.positive(everyNEpochs, "checkpointEveryNEpoch");
    }
  }

  /** Epochs for this many cells, where none are set. */
  public static int epochsFor(int cells) {
    return Math.max(1, (int) Math.min(Math.rint(20000.0 / cells * 400), 400));
  }

  /** Epochs between validations, 0 for none. */
  int validationInterval() {
    return checkValEveryNEpoch == 0 && (earlyStopping != null || plateau != null)
        ? 1
        : checkValEveryNEpoch;
  }

  /** A builder that has the values of these settings. */
  public Builder toBuilder() {
    return builder()
        .maxEpochs(maxEpochs)
        .batchSize(batchSize)
        .trainSize(trainSize)
        .validationSize(validationSize)
        .learningRate(learningRate)
        .optimizer(optimizer)
        .warmup(warmup)
        .checkValEveryNEpoch(checkValEveryNEpoch)
        .earlyStopping(earlyStopping)
        .plateau(plateau)
        .samplesPerLabel(samplesPerLabel)
        .chunkedShuffle(chunkedShuffle)
        .checkpoint(checkpoint)
        .seed(seed);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The one place where the default values are written. */
  public static final class Builder {
    private int maxEpochs = 0;
    private int batchSize = 128;
    private double trainSize = 0.9;
    private double validationSize = Double.NaN;
    private double learningRate = 1e-3;
    private Optimizer optimizer = Optimizer.DEFAULTS;
    private Warmup warmup = Warmup.DEFAULTS;
    private int checkValEveryNEpoch = 0;
    private EarlyStopping earlyStopping = null;
    private Plateau plateau = null;
    private int samplesPerLabel = 0;
    private ChunkedShuffle chunkedShuffle = null;
    private CheckpointFolder checkpoint = null;
    private long seed = 0;

    public Builder maxEpochs(int value) {
      maxEpochs = value;
      return this;
    }

    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    public Builder trainSize(double value) {
      trainSize = value;
      return this;
    }

    public Builder validationSize(double value) {
      validationSize = value;
      return this;
    }

    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    public Builder optimizer(Optimizer value) {
      optimizer = value;
      return this;
    }

    public Builder warmup(Warmup value) {
      warmup = value;
      return this;
    }

    public Builder checkValEveryNEpoch(int value) {
      checkValEveryNEpoch = value;
      return this;
    }

    public Builder earlyStopping(EarlyStopping value) {
      earlyStopping = value;
      return this;
    }

    public Builder plateau(Plateau value) {
      plateau = value;
      return this;
    }

    public Builder samplesPerLabel(int value) {
      samplesPerLabel = value;
      return this;
    }

    public Builder chunkedShuffle(ChunkedShuffle value) {
      chunkedShuffle = value;
      return this;
    }

    public Builder checkpoint(CheckpointFolder value) {
      checkpoint = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Training build() {
      return new Training(
          maxEpochs,
          batchSize,
          trainSize,
          validationSize,
          learningRate,
          optimizer,
          warmup,
          checkValEveryNEpoch,
          earlyStopping,
          plateau,
          samplesPerLabel,
          chunkedShuffle,
          checkpoint,
          seed);
    }
  }
}
