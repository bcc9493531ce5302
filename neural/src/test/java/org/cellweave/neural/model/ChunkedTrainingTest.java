package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.ChunkedRows;
import org.cellweave.neural.data.ChunkedShuffle;
import org.cellweave.neural.data.StoredCounts;
import org.cellweave.neural.fused.FusedBackend;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Test;

/** Counts that are read chunk by chunk give what counts in memory give in the same order. */
class ChunkedTrainingTest {
  private static final int N = 203;
  private static final ChunkedShuffle SIZE = new ChunkedShuffle(8, 5);

  /** A file of counts that notes how much of it is read. */
  private static final class Stored implements StoredCounts {
    private final CsrMatrix x = Example.counts(N, 1);
    private int rowsRead;

    @Override
    public int nCells() {
      return N;
    }

    @Override
    public int nGenes() {
      return Example.GENES;
    }

    @Override
    public String[] genes() {
      return Example.genes();
    }

    @Override
    public CsrMatrix read(int from, int to) {
      int[] rows = new int[to - from];
      java.util.Arrays.setAll(rows, i -> from + i);
      rowsRead += rows.length;
      return x.takeRows(rows);
    }
  }

  @Test
  void trainingAndAskingGiveTheSameBits() {
    var stored = new Stored();
    var covariates =
        new Covariates("X", Example.batch(N), Example.types(N), List.of(), List.of(), null);
    var backed = new CellData(new ChunkedRows(stored, SIZE), covariates);
    CellData inMemory = Example.cells(N);
    assertThat(backed.totals()).isEqualTo(inMemory.totals());
    assertThat(stored.rowsRead).isEqualTo(N);
    var training = Example.training(3).toBuilder().chunkedShuffle(SIZE).build();
    for (boolean semi : new boolean[] {false, true}) {
      CountModel one = made(semi, inMemory);
      CountModel two = made(semi, backed);
      one.train(inMemory, training, FusedBackend.FACTORY, Progress.NONE);
      two.train(backed, training, FusedBackend.FACTORY, Progress.NONE);
      assertThat(two.history().series())
          .usingRecursiveComparison()
          .isEqualTo(one.history().series());
      assertThat(two.latentRepresentation(backed).toFloat32().floatData())
          .isEqualTo(one.latentRepresentation(inMemory).toFloat32().floatData());
    }
  }

  private static CountModel made(boolean semi, CellData cells) {
    return semi
        ? Scanvi.of(cells, Scanvi.Params.of(Example.small().build(), "none"))
        : Scvi.of(cells, Example.small().build());
  }

  /** Of every chunk some cells are held out: an epoch reads the file once, and little more. */
  @Test
  void anEpochReadsTheFileAboutOnce() {
    var stored = new Stored();
    var covariates = Covariates.of(Example.batch(N));
    var cells = new CellData(new ChunkedRows(stored, SIZE), covariates);
    Scvi model = Scvi.of(cells, Example.small().build());
    stored.rowsRead = 0;
    var training = Example.training(4).toBuilder().chunkedShuffle(SIZE).build();
    model.train(cells, training, FusedBackend.FACTORY, Progress.NONE);
    assertThat(stored.rowsRead).isBetween(3 * N, 5 * N);
  }
}
