package org.cellweave.neural.model;

import java.nio.file.Path;
import java.util.List;
import org.cellweave.contract.NeuralModelContract;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.neural.train.Training;
import org.cellweave.util.Progress;

/** What the contract asks, of any of the models. */
abstract class ModelContract extends NeuralModelContract<CountModel> {
  abstract CountModel made(CellData cells, Scvi.Params params);

  static CellData cells(Matrix counts, Categories batch) {
    int[] types = new int[counts.nRows()];
    for (int i = 0; i < types.length; i++) {
      types[i] = i % 3;
    }
    var labels = new Categories("obs['type']", types, new String[] {"a", "none", "b"});
    return new CellData(
        new MatrixRows(counts), new Covariates("X", batch, labels, List.of(), List.of(), null));
  }

  @Override
  protected CountModel train(
      Matrix counts, Categories batch, int epochs, long seed, Progress progress) {
    var cells = cells(counts, batch);
    var model = made(cells, Scvi.Params.builder().nHidden(32).nLatent(5).seed(seed).build());
    var training = Training.builder().maxEpochs(epochs).seed(seed).build();
    model.train(cells, training, FusedBackend.FACTORY, progress);
    return model;
  }

  @Override
  protected double[] objective(CountModel model) {
    return model.history().get("train_loss_epoch");
  }

  @Override
  protected DenseMatrix latent(CountModel model, Matrix counts, Categories batch) {
    return model.latentRepresentation(cells(counts, batch));
  }

  @Override
  protected void save(CountModel model, Path folder) {
    model.save(folder, false);
  }

  @Override
  protected CountModel load(Path folder) {
    return ModelFile.load(folder);
  }
}
