package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;

class JointEmbeddingScviModelTest extends ModelContract {
  @Override
  CountModel made(CellData cells, Scvi.Params params) {
    return JointEmbeddingScvi.of(cells, JointEmbeddingScvi.Params.of(params));
  }
}
