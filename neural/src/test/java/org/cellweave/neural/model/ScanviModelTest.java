package org.cellweave.neural.model;

import org.cellweave.neural.data.CellData;

class ScanviModelTest extends ModelContract {
  @Override
  CountModel made(CellData cells, Scvi.Params params) {
    return Scanvi.of(cells, Scanvi.Params.of(params, "none"));
  }
}
