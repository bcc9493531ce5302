package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;

class LinearScviModelTest extends ModelContract {
  @Override
  CountModel made(CellData cells, Scvi.Params params) {
    return LinearScvi.of(cells, new LinearScvi.Params(params, false));
  }
}
