package org.cellweave.integrate.harmony;

import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Finite;
import org.cellweave.matrix.Matrix;
import org.cellweave.preprocess.Pca;
import org.cellweave.preprocess.Scale;
import org.cellweave.util.Check;
import org.cellweave.util.Progress;

/**
 * Builds a reference that Symphony maps on: scaled genes, their principal components, Harmony over
 * the batches, and the compression.
 *
 * <p>Without batches cells are clustered and nothing is corrected. Sparse input stays sparse; a
 * gene without variance is only centred. Cost: that of the components and of Harmony.
 *
 * @see <a href="https://doi.org/10.1038/s41467-021-25957-x">Kang et al. 2021</a>
 */
public final class SymphonyReference {
  private SymphonyReference() {}

  /**
   * @param nPcs principal components
   * @param harmony how batches are taken out
   */
  public record Params(int nPcs, Harmony.Params harmony) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      Check.positive(nPcs, "nPcs");
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private int nPcs = 20;
      private Harmony.Params harmony = Harmony.Params.DEFAULTS;

      public Builder nPcs(int value) {
        this.nPcs = value;
        return this;
      }

      public Builder harmony(Harmony.Params value) {
        this.harmony = value;
        return this;
      }

      public Params build() {
        return new Params(nPcs, harmony);
      }
    }
  }

  /**
   * @param reference what query cells are mapped by
   * @param corrected the cells without their batches, float32: the places among which a query is
   * @param iterations of Harmony
   * @param converged whether Harmony settled
   * @param warnings of Harmony
   */
  public record Result(
      CompressedReference reference,
      DenseMatrix corrected,
      int iterations,
      boolean converged,
      List<String> warnings) {}

  /**
   * @param x cells by the genes to use, logarithms; not changed
   * @param batches columns of labels; may be empty
   */
  public static Result run(Matrix x, List<Categories> batches, Params params, Progress progress) {
    Finite.require(x, "X", "buildReference");
    int most = Math.min(x.nRows(), x.nCols()) - 1;
    if (params.nPcs() > most) {
      throw new IllegalArgumentException(
          "nPcs must be below the number of cells and of genes, at most "
              + most
              + ", got "
              + params.nPcs());
    }
    var scaled = Scale.run(x.own(), null, Scale.Params.builder().zeroCenter(false).build());
    var pca = Pca.Params.builder().nComps(params.nPcs()).build();
    var components = Pca.run(scaled.x(), null, pca, progress);
    var columns = batches.isEmpty() ? oneBatch(x.nRows()) : batches;
    try (var model = Harmony.model(components.scores(), columns, params.harmony())) {
      model.harmonize(params.harmony().maxIterHarmony(), progress);
      var made = model.result(false);
      var reference =
          CompressedReference.of(scaled.mean(), scaled.std(), components.loadings(), model);
      return new Result(
          reference,
          made.corrected(),
          made.iterations(),
          made.converged(),
          batches.isEmpty() ? List.of() : made.warnings());
    }
  }

  private static List<Categories> oneBatch(int nCells) {
    return List.of(Categories.of("batch", new int[nCells]));
  }
}
