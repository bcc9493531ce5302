package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;

class ScviModelTest extends ModelContract {
  @Override
  CountModel made(CellData cells, Scvi.Params params) {
    return Scvi.of(cells, params);
  }
}
