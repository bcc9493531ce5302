package org.cellweave.integrate.mosaic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * StabMap: all parts of a mosaic in the space of reference parts. The principal components of a
 * reference (and, of labelled cells, its linear discriminants) are predicted from the features that
 * it shares with another part; over several steps where the two share none.
 *
 * <p>Departures from the original: by default the predictions are ridge regressions whose penalty
 * minimises the generalised cross-validation error, where the original fits the reference exactly
 * once it has more features than cells; ways over several parts prefer those that share many
 * features; the features that predict are ranked by values before they are scaled. {@link
 * Solver#SEQUENTIAL} with {@link MosaicTopology.Paths#FEWEST} gives the original's numbers, up to
 * the sign of a dimension. Cells of one batch that differ in their blocks are parts of their own.
 *
 * <p>Cost: inner products of the features of every part, and one decomposition of at most {@code
 * maxFeatures} features a step. Nothing is made dense but the result. Numbers matched: StabMap
 * 1.1.0.
 *
 * @see <a href="https://doi.org/10.1038/s41587-023-01766-z">Ghazanfar 2024</a>
 */
public final class StabMap {
  static final String NAME = "stabmap";

  private StabMap() {}

  /** How dimensions of one part are predicted from the features of another. */
  public enum Solver {
    /** Ridge regression. */
    RIDGE,
    /** Least squares that leaves out what depends on features before it, as R's. */
    SEQUENTIAL
  }

  /**
   * @param references names of parts whose space is used; empty for all
   * @param features by the name of a reference, those that its dimensions come from; all of a
   *     reference that is not named
   * @param nComps principal components of a reference
   * @param nCompsSubset components of a part on the way to another; least squares alone use them
   * @param maxFeatures that predict, at most: those whose variance lies furthest above what is
   *     usual at their mean
   * @param solver how dimensions are predicted
   * @param penalty of the ridge regression; 0 to choose one for every step
   * @param paths which way is taken over several parts
   * @param scale divides features by their standard deviation within each part
   * @param projectAll also predicts the cells of the reference, as the others
   * @param restrictFeatures predicts from features of the reference alone on all steps; on ways
   *     over several parts the steps that lie further away then speak of the same features
   * @param reweight gives the block of every reference the same weight
   */
  public record Params(
      List<String> references,
      Map<String, List<String>> features,
      int nComps,
      int nCompsSubset,
      int maxFeatures,
      Solver solver,
      double penalty,
      MosaicTopology.Paths paths,
      boolean scale,
      boolean projectAll,
      boolean restrictFeatures,
      boolean reweight) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      references = List.copyOf(references);
      features = Map.copyOf(features);
      Check.positive(nComps, "nComps");
      Check.positive(nCompsSubset, "nCompsSubset");
      Check.positive(maxFeatures, "maxFeatures");
      Check.nonNegative(penalty, "penalty");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private List<String> references = List.of();
      private Map<String, List<String>> features = Map.of();
      private int nComps = 50;
      private int nCompsSubset = 50;
      private int maxFeatures = 1000;
      private Solver solver = Solver.RIDGE;
      private double penalty = 0;
      private MosaicTopology.Paths paths = MosaicTopology.Paths.MOST_SHARED;
      private boolean scale = true;
      private boolean projectAll = false;
      private boolean restrictFeatures = false;
      private boolean reweight = true;

      public Builder references(List<String> value) {
        this.references = value;
        return this;
      }

      public Builder features(Map<String, List<String>> value) {
        this.features = value;
        return this;
      }

      public Builder nComps(int value) {
        this.nComps = value;
        return this;
      }

      public Builder nCompsSubset(int value) {
        this.nCompsSubset = value;
        return this;
      }

      public Builder maxFeatures(int value) {
        this.maxFeatures = value;
        return this;
      }

      public Builder solver(Solver value) {
        this.solver = value;
        return this;
      }

      public Builder penalty(double value) {
        this.penalty = value;
        return this;
      }

      public Builder paths(MosaicTopology.Paths value) {
        this.paths = value;
        return this;
      }

      public Builder scale(boolean value) {
        this.scale = value;
        return this;
      }

      public Builder projectAll(boolean value) {
        this.projectAll = value;
        return this;
      }

      public Builder restrictFeatures(boolean value) {
        this.restrictFeatures = value;
        return this;
      }

      public Builder reweight(boolean value) {
        this.reweight = value;
        return this;
      }

      public Params build() {
        return new Params(
            references,
            features,
            nComps,
            nCompsSubset,
            maxFeatures,
            solver,
            penalty,
            paths,
            scale,
            projectAll,
            restrictFeatures,
            reweight);
      }
    }
  }

  /**
   * Dimensions of one reference.
   *
   * @param reference name of the part
   * @param kind {@code PC} or {@code LD}
   * @param size number of dimensions
   */
  public record Block(String reference, String kind, int size) {}

  /**
   * One step of a prediction.
   *
   * @param reference whose dimensions are predicted in the end
   * @param from part whose cells the regression sees
   * @param to part that has the features, too
   * @param features that predict
   * @param penalty of the ridge regression; NaN for least squares
   */
  public record Step(String reference, String from, String to, int features, double penalty) {}

  /**
   * @param embedding cells by the dimensions of all blocks, each of mean zero
   * @param blocks in the order of the columns
   * @param steps all regressions
   * @param topology of the parts
   * @param part of every cell
   */
  public record Result(
      DenseMatrix embedding,
      List<Block> blocks,
      List<Step> steps,
      MosaicTopology topology,
      int[] part,
      List<String> warnings)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Embedding(embedding));
    }

    /** Name of every dimension, such as {@code p3_PC1}. */
    public List<String> dimensions() {
      List<String> out = new ArrayList<>();
      for (Block block : blocks) {
        for (int d = 1; d <= block.size(); d++) {
          out.add(block.reference() + "_" + block.kind() + d);
        }
      }
      return out;
    }
  }

  /** The method with these parameters; labels are not used. */
  public static BatchIntegration<Result> with(Params params) {
    return new BatchIntegration<>() {
      @Override
      public String name() {
        return NAME;
      }

      @Override
      public Values reads() {
        return Values.LOG_EXPRESSION;
      }

      @Override
      public Result run(IntegrationInput input, Progress progress) {
        return StabMap.run(input, null, params, progress);
      }
    };
  }

  /**
   * @param input blocks with names of features; the batch column names the parts
   * @param labels of cells, whose discriminants are added; missing where unknown; null for none
   * @throws IllegalArgumentException for an unknown reference, parts that no shared feature joins,
   *     by their names, and what {@link IntegrationInput} must hold
   */
  public static Result run(
      IntegrationInput input, Categories labels, Params params, Progress progress) {
    return new StabMapRun(input, labels, params, progress).result();
  }
}
