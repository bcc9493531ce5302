package org.cellweave.integrate.anchors;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cellweave.integrate.BatchIntegration;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.IntegrationResult;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Progress;

/**
 * Seurat's integration as one method: {@link IntegrationAnchors}, then {@link AnchorIntegration} of
 * the same genes. It is called {@code cca} or {@code rpca}, by the space that anchors are found in.
 *
 * @see <a href="https://doi.org/10.1016/j.cell.2019.05.031">Stuart et al. 2019</a>
 */
public final class AnchorMethod {
  /** The genes' products are held as a square; beyond that genes must be chosen. */
  private static final int MOST_GENES = 8000;

  private AnchorMethod() {}

  /**
   * @param anchors how they are found
   * @param integration how cells are corrected
   * @param features columns to compare and to correct, distinct; null for all
   */
  public record Params(
      IntegrationAnchors.Params anchors, AnchorIntegration.Params integration, int[] features) {
    public static final Params DEFAULTS = builder().build();

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private IntegrationAnchors.Params anchors = IntegrationAnchors.Params.DEFAULTS;
      private AnchorIntegration.Params integration = AnchorIntegration.Params.DEFAULTS;
      private int[] features = null;

      private Builder() {}

      public Builder anchors(IntegrationAnchors.Params value) {
        anchors = value;
        return this;
      }

      public Builder integration(AnchorIntegration.Params value) {
        integration = value;
        return this;
      }

      public Builder features(int[] value) {
        features = value;
        return this;
      }

      public Params build() {
        return new Params(anchors, integration, features);
      }
    }
  }

  /**
   * @param x corrected expression, float32
   * @param features columns of the input that those of x are; null for all in order
   * @param anchors that were used
   * @param steps in which batches joined
   * @param warnings a sentence each
   */
  public record Result(
      DenseMatrix x,
      int[] features,
      Anchors anchors,
      List<AnchorIntegration.Step> steps,
      List<String> warnings)
      implements IntegrationResult {
    @Override
    public List<Integrated> integrated() {
      return List.of(new Integrated.Expression(x, features));
    }
  }

  /** The method with these parameters, to be handed on. */
  public static BatchIntegration<Result> with(Params params) {
    return new Ready(params);
  }

  private record Ready(Params params) implements BatchIntegration<Result> {
    @Override
    public String name() {
      return params.anchors().reduction().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Values reads() {
      return Values.LOG_EXPRESSION;
    }

    @Override
    public Result run(IntegrationInput input, Progress progress) {
      return AnchorMethod.run(input, name(), params, progress);
    }
  }

  private static Result run(IntegrationInput input, String name, Params params, Progress progress) {
    var x = input.values(name);
    int[] features = params.features();
    int genes = features == null ? x.nCols() : features.length;
    if (genes > MOST_GENES) {
      throw new IllegalArgumentException(
          name
              + " compares at most "
              + MOST_GENES
              + " genes, got "
              + genes
              + ". Choose some, as pp.selectIntegrationFeatures does");
    }
    var found = IntegrationAnchors.run(x, features, input.batch(name), params.anchors(), progress);
    int[] used = features == null ? IntStream.range(0, genes).toArray() : features;
    var corrected =
        AnchorIntegration.run(
            x,
            used,
            null,
            found.anchors(),
            params.anchors().reference(),
            null,
            params.integration(),
            progress);
    var warnings = Stream.concat(found.warnings().stream(), corrected.warnings().stream()).toList();
    return new Result(corrected.x(), features, found.anchors(), corrected.steps(), warnings);
  }
}
