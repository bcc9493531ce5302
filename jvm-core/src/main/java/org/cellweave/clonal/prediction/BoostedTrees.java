package org.cellweave.clonal.prediction;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;
import org.cellweave.util.RefusedValueException;

/**
 * Gradient-boosted trees from features of clones to their responses, with SHAP values.
 *
 * <p>A regressor lowers the squared error of all responses, a classifier the cross-entropy of fates
 * that each weigh as their share of the clone. Growth ends when the loss of the validation clones
 * has not fallen for some rounds, and the trees after its lowest point are dropped. Departures from
 * clone2vec's {@code catboost}: the trees are XGBoost's and every response has its own; shares are
 * not repeated as rows with weights, which has the same gradient; a response is judged by its
 * values before they are transformed.
 *
 * <p>Cost: a pass over the stored values per tree; SHAP values need n x leaves x depth squared per
 * tree. Responses are spread over threads, each response grows on one, so that threads do not
 * matter.
 *
 * @see <a href="https://doi.org/10.1145/2939672.2939785">Chen and Guestrin 2016</a>
 * @see <a href="https://doi.org/10.1038/s42256-019-0138-9">Lundberg et al. 2020, SHAP of trees</a>
 */
public final class BoostedTrees {
  /** Per response. */
  public static final int MOST_TREES = 1_000_000;

  private static final int DEEPEST = 30;

  private BoostedTrees() {}

  /** What is foretold. */
  public enum Model {
    REGRESSOR(BoostingLoss.SQUARED),
    CLASSIFIER(BoostingLoss.SOFTMAX);

    private final BoostingLoss loss;

    Model(BoostingLoss loss) {
      this.loss = loss;
    }
  }

  /**
   * @param nTrees per response at most
   * @param earlyStoppingRounds without a lower validation loss before growth ends
   * @param learningRate share of each tree that is added, in (0, 1]
   * @param maxDepth splits between root and leaf at most
   * @param ridge on the values of leaves
   * @param minChildWeight curvature in a leaf at least; clones, for a regressor
   * @param rowShare of the clones that each tree grows on, in (0, 1]
   * @param minSize clones in which a response is not zero, in training and in validation alike;
   *     other responses are left out
   * @param seed of the draws of clones
   */
  public record Params(
      Model model,
      int nTrees,
      int earlyStoppingRounds,
      double learningRate,
      int maxDepth,
      double ridge,
      double minChildWeight,
      double rowShare,
      int minSize,
      long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.atMost(Check.positive(nTrees, "nTrees"), MOST_TREES, "nTrees");
      Check.positive(earlyStoppingRounds, "earlyStoppingRounds");
      Check.inRange(Check.positive(learningRate, "learningRate"), 0, 1, "learningRate");
      Check.atMost(Check.positive(maxDepth, "maxDepth"), DEEPEST, "maxDepth");
      Check.finite(Check.nonNegative(ridge, "ridge"), "ridge");
      Check.finite(Check.nonNegative(minChildWeight, "minChildWeight"), "minChildWeight");
      Check.inRange(Check.positive(rowShare, "rowShare"), 0, 1, "rowShare");
      Check.positive(minSize, "minSize");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Model model = Model.REGRESSOR;
      private int nTrees = 10000;
      private int earlyStoppingRounds = 100;
      private double learningRate = 0.1;
      private int maxDepth = 6;
      private double ridge = 1;
      private double minChildWeight = 1;
      private double rowShare = 0.8;
      private int minSize = 3;
      private long seed = 42;

      private Builder() {}

      public Builder model(Model value) {
        model = value;
        return this;
      }

      public Builder nTrees(int value) {
        nTrees = value;
        return this;
      }

      public Builder earlyStoppingRounds(int value) {
        earlyStoppingRounds = value;
        return this;
      }

      public Builder learningRate(double value) {
        learningRate = value;
        return this;
      }

      public Builder maxDepth(int value) {
        maxDepth = value;
        return this;
      }

      public Builder ridge(double value) {
        ridge = value;
        return this;
      }

      public Builder minChildWeight(double value) {
        minChildWeight = value;
        return this;
      }

      public Builder rowShare(double value) {
        rowShare = value;
        return this;
      }

      public Builder minSize(int value) {
        minSize = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(
            model,
            nTrees,
            earlyStoppingRounds,
            learningRate,
            maxDepth,
            ridge,
            minChildWeight,
            rowShare,
            minSize,
            seed);
      }
    }
  }

  /**
   * @param features of the clones
   * @param response clones by responses, before {@code values} were made of it
   * @param values what is to be foretold, of the same shape; {@code response} itself where nothing
   *     was done to it
   * @param responseName for messages
   * @param validation clones that trees do not grow on
   */
  public record Input(
      FeatureTable features,
      DenseMatrix response,
      DenseMatrix values,
      String responseName,
      boolean[] validation) {
    /**
     * @throws IllegalArgumentException when sizes differ, a value is not finite, or all clones are
     *     on one side
     */
    public Input {
      Check.sameLength(response.nRows(), features.nRows(), responseName, "the number of clones");
      Check.sameLength(values.nRows(), response.nRows(), "values", "the number of clones");
      Check.sameLength(values.nCols(), response.nCols(), "columns of values", responseName);
      Check.sameLength(validation.length, response.nRows(), "validation", "the number of clones");
      Finite.require(response, responseName, "boostedTrees");
      Finite.require(values, responseName, "boostedTrees");
      int held = places(validation, true).length;
      if (held == 0 || held == validation.length) {
        throw new IllegalArgumentException(
            "boostedTrees needs clones for training and for validation, got "
                + (validation.length - held)
                + " and "
                + held
                + ". Draw a validation set with c2v.utils.gs(), or name another one");
      }
    }
  }

  /**
   * @param responses columns of the input that were foretold
   * @param predictions clones by those responses: values, or the chances of fates
   * @param margins the same before they become chances: bias and SHAP values add up to them
   * @param shap clones by features, float32, of every response
   * @param bias of every response
   * @param nTrees kept per response
   * @param trainLoss after every round grown
   * @param validationLoss likewise; its lowest is that of round {@code nTrees}
   * @param stopped whether growth ended before all trees were grown
   */
  public record Result(
      int[] responses,
      DenseMatrix predictions,
      DenseMatrix margins,
      List<CsrMatrix> shap,
      double[] bias,
      int nTrees,
      double[] trainLoss,
      double[] validationLoss,
      boolean stopped) {}

  public static Result run(Input input, Params params) {
    return run(input, params, Progress.NONE);
  }

  /**
   * @throws IllegalArgumentException when no response has enough clones, or a classifier is given
   *     negative shares or a single fate
   * @throws IllegalStateException when XGBoost's native library cannot be loaded
   */
  public static Result run(Input input, Params params, Progress progress) {
    int[] train = places(input.validation(), false);
    int[] validation = places(input.validation(), true);
    int[] responses = largeEnough(input, params, train, validation);
    if (params.model() == Model.CLASSIFIER) {
      requireShares(input, responses);
    }
    DenseMatrix values = input.values().takeCols(responses);
    var rows = new TreeStacks.Rows(train, validation);
    double[] y = byRow(values, train);
    double[] starts = params.model().loss.starts(y, responses.length);
    try (var growth = new Growth(input.features(), rows, params, starts)) {
      growth.run(y, byRow(values, validation), params.model().loss, progress);
      var explained = growth.explain();
      var margins = DenseMatrix.zeros(values.nRows(), responses.length, DType.FLOAT64);
      for (int r = 0; r < responses.length; r++) {
        for (int i = 0; i < values.nRows(); i++) {
          margins.set(i, r, explained.get(r).margins()[i]);
        }
      }
      return new Result(
          responses,
          params.model().loss.predictions(margins),
          margins,
          explained.stream().map(TreeStacks.Explained::shap).toList(),
          explained.stream().mapToDouble(TreeStacks.Explained::bias).toArray(),
          growth.nTrees(),
          growth.trainLoss(),
          growth.validationLoss(),
          growth.stopped());
    }
  }

  private static int[] places(boolean[] flags, boolean wanted) {
    return IntStream.range(0, flags.length).filter(i -> flags[i] == wanted).toArray();
  }

  private static int[] largeEnough(Input input, Params params, int[] train, int[] validation) {
    int[] nTrain = nonZero(input.response(), train);
    int[] nValidation = nonZero(input.response(), validation);
    int[] kept =
        IntStream.range(0, nTrain.length)
            .filter(r -> Math.min(nTrain[r], nValidation[r]) >= params.minSize())
            .toArray();
    if (kept.length > 0) {
      return kept;
    }
    int most = 0;
    for (int r = 0; r < nTrain.length; r++) {
      most = Math.max(most, Math.min(nTrain[r], nValidation[r]));
    }
    if (most == 0) {
      throw new IllegalArgumentException(nothingToForetell(input));
    }
    throw new IllegalArgumentException(
        "minSize must be at most "
            + most
            + ", the clones of the best of "
            + nTrain.length
            + " columns of "
            + input.responseName()
            + " in training or validation, got "
            + params.minSize());
  }

  private static String nothingToForetell(Input input) {
    DenseMatrix response = input.response();
    boolean isZero = Arrays.stream(response.doubleData()).allMatch(value -> value == 0);
    return input.responseName()
        + (isZero
            ? " is zero for all " + response.nRows() + " clones, which leaves nothing to foretell"
            : " has no column that is other than zero both for a training and a validation clone")
        + ". Take a response that more clones have, or another validation set, as"
        + " c2v.utils.gs() draws one";
  }

  private static int[] nonZero(DenseMatrix response, int[] rows) {
    int[] found = new int[response.nCols()];
    for (int i : rows) {
      for (int r = 0; r < found.length; r++) {
        found[r] += response.get(i, r) != 0 ? 1 : 0;
      }
    }
    return found;
  }

  private static void requireShares(Input input, int[] responses) {
    if (responses.length < 2) {
      throw new IllegalArgumentException(
          "model = 'classifier' needs at least two fates, got "
              + responses.length
              + " of "
              + input.responseName()
              + " with enough clones; lower minSize, or take model = 'regressor'");
    }
    for (int i = 0; i < input.values().nRows(); i++) {
      for (int r : responses) {
        if (input.values().get(i, r) < 0) {
          throw new RefusedValueException(
              "model = 'classifier' needs shares or counts of fates, but "
                  + input.responseName()
                  + " has "
                  + input.values().get(i, r)
                  + " "
                  + RefusedValueException.place(i, r)
                  + ". Take such a slot without a transform, or model = 'regressor'",
              i,
              r,
              input.values().get(i, r));
        }
      }
    }
  }

  private static double[] byRow(DenseMatrix values, int[] rows) {
    int k = values.nCols();
    double[] out = new double[Math.multiplyExact(rows.length, k)];
    double[] row = new double[k];
    for (int i = 0; i < rows.length; i++) {
      values.readRow(rows[i], row);
      System.arraycopy(row, 0, out, i * k, k);
    }
    return out;
  }
}
