package org.cellweave.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.cellweave.design.Categories;
import org.cellweave.integrate.BatchIntegration.Values;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every neural model of counts keeps to. It is trained on counts and batches, keeps the
 * objective of every epoch, gives cells a place by the mean of their posterior, and can be saved.
 * Integration by such a model keeps to {@link BatchIntegrationContract} as well.
 *
 * @param <M> the trained model
 */
public abstract class NeuralModelContract<M> {
  private static final int CELLS = 256;

  @TempDir Path folder;

  protected abstract M train(
      Matrix counts, Categories batch, int epochs, long seed, Progress progress);

  /** Of the training cells, one per epoch; lower is better. */
  protected abstract double[] objective(M model);

  /** Without drawing anything: the posterior's mean, dropout off, running statistics. */
  protected abstract DenseMatrix latent(M model, Matrix counts, Categories batch);

  protected abstract void save(M model, Path folder);

  protected abstract M load(Path folder);

  private static SimulatedBatches cells() {
    return SimulatedBatches.of(Values.COUNTS, CELLS, 2, 3);
  }

  private M trained(SimulatedBatches data, int epochs) {
    return train(data.x(), data.batch(), epochs, 1, Progress.NONE);
  }

  private float[] places(M model, SimulatedBatches data) {
    return latent(model, data.x(), data.batch()).toFloat32().floatData();
  }

  @Test
  public void trainingLowersTheObjective() {
    double[] objective = objective(trained(cells(), 10));
    assertThat(objective).hasSize(10);
    for (double v : objective) {
      assertThat(v).isFinite();
    }
    assertThat(objective[9]).isLessThan(objective[0]);
  }

  @Test
  public void everyCellHasAPlaceThatDoesNotDependOnTheOthers() {
    var data = cells();
    var model = trained(data, 3);
    var all = latent(model, data.x(), data.batch());
    assertThat(all.nRows()).isEqualTo(CELLS);
    int[] some = {200, 3, 17};
    var alone = latent(model, data.x().takeRows(some), data.batch().subset(some));
    float[] expected = all.takeRows(some).toFloat32().floatData();
    float[] got = alone.toFloat32().floatData();
    for (int i = 0; i < expected.length; i++) {
      assertThat(got[i])
          .isFinite()
          .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-4f));
    }
  }

  /** 129 cells are one more than a usual minibatch holds. */
  @Test
  public void aLastMinibatchOfOneCellDoesNoHarm() {
    var data = cells();
    int[] some = new int[129];
    Arrays.setAll(some, i -> i);
    var model = train(data.x().takeRows(some), data.batch().subset(some), 2, 1, Progress.NONE);
    for (double v : objective(model)) {
      assertThat(v).isFinite();
    }
  }

  @Test
  public void sameSeedSameBitsForAnyNumberOfThreads() {
    var data = cells();
    float[] one = Seeds.withThreads(1, () -> places(trained(data, 3), data));
    for (int threads : new int[] {1, 2, 7}) {
      assertThat(Seeds.withThreads(threads, () -> places(trained(data, 3), data))).isEqualTo(one);
    }
  }

  @Test
  public void anotherSeedGivesOtherBits() {
    var data = cells();
    var other = train(data.x(), data.batch(), 3, 2, Progress.NONE);
    assertThat(places(other, data)).isNotEqualTo(places(trained(data, 3), data));
  }

  @Test
  public void theInputStaysAsItWas() {
    var data = cells();
    double[] before = Prepared.valuesOf(data.x());
    trained(data, 2);
    assertThat(Prepared.valuesOf(data.x())).isEqualTo(before);
  }

  @Test
  public void aSavedModelIsTheSame() {
    var data = cells();
    var model = trained(data, 3);
    save(model, folder);
    assertThat(places(load(folder), data)).isEqualTo(places(model, data));
  }

  @Test
  public void whatAreNotCountsIsRefusedByRowAndColumn() {
    var data = cells();
    for (double wrong : new double[] {Double.NaN, -1}) {
      var x = data.x().toDense().withDType(DType.FLOAT32).copy();
      x.set(3, 2, wrong);
      assertThatThrownBy(() -> train(x, data.batch(), 1, 1, Progress.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[3, 2]");
    }
  }

  @Test
  public void aMissingLabelIsRefusedByName() {
    var data = cells();
    int[] codes = data.batch().codes().clone();
    codes[11] = Categories.MISSING;
    var holes = Categories.of("obs['lane']", codes);
    assertThatThrownBy(() -> train(data.x(), holes, 1, 1, Progress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("obs['lane']")
        .hasMessageContaining("cell 11");
  }

  @Test
  public void anInterruptEndsTheTrainingAndLeavesTheInputAsItWas() {
    var data = cells();
    Interrupts.areNoticed(
        progress -> train(data.x(), data.batch(), 5, 1, progress),
        () -> Prepared.valuesOf(data.x()));
  }
}
