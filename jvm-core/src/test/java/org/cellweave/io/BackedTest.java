package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisIndex;
import org.cellweave.data.BackedMatrix;
import org.cellweave.data.DataFrame;
import org.cellweave.io.store.Compression;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.cellweave.util.FormatException;
import org.cellweave.util.MemoryBudget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackedTest {
  private static final H5adReader.Options BACKED = H5adReader.Options.DEFAULTS.withBacked(true);
  @TempDir Path folder;

  private static int[] draw(SplittableRandom random, int n, int count) {
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = random.nextInt(n);
    }
    return out;
  }

  private void sameAsInMemory(Matrix written, Compression compression) {
    Path file = folder.resolve("x.h5ad");
    var options = H5adWriter.Options.DEFAULTS.withCompression(compression);
    H5adWriter.write(new AnnData(written), file, options);
    Matrix x = H5adReader.read(file).getX();
    AnnData backed = H5adReader.read(file, BACKED);
    assertThat(backed.isBacked()).isTrue();
    assertThat(backed.getBacked().dtype()).isEqualTo(x.dtype());
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          int[] rows = random.nextInt(4) == 0 ? null : draw(random, x.nRows(), random.nextInt(30));
          int[] cols = random.nextInt(3) == 0 ? null : draw(random, x.nCols(), random.nextInt(9));
          SameContent.matrix("part", x.take(rows, cols), backed.getBacked().read(rows, cols));
        });
    backed.getBacked().close();
  }

  @Test
  void partsOfABackedMatrixAreThoseOfTheWholeOne() {
    CsrMatrix counts = Seeds.counts(300, 40, 0.2, 1);
    for (var compression : Compression.values()) {
      sameAsInMemory(counts, compression);
      sameAsInMemory(counts.transposeToCsr().transpose(), compression);
      sameAsInMemory(counts.toDense(), compression);
      sameAsInMemory(counts.withDType(DType.FLOAT64), compression);
    }
  }

  /** Blocks of rows, rows picked out, and rows in any order, of a matrix of several chunks. */
  private static List<int[]> requests(int nRows) {
    var random = new SplittableRandom(7);
    List<int[]> out = new ArrayList<>();
    for (int from = 0; from < nRows; from += 700) {
      int[] block = IntStream.range(from, Math.min(nRows, from + 700)).toArray();
      out.add(block);
      out.add(IntStream.of(block).filter(i -> random.nextInt(3) == 0).toArray());
    }
    out.add(draw(random, nRows, 500));
    return out;
  }

  @Test
  void manyThreadsReadAtOnce() {
    CsrMatrix counts = Seeds.counts(3000, 400, 0.5, 5);
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64)) {
      for (var compression : Compression.values()) {
        Path file = folder.resolve("x.h5ad");
        var options = H5adWriter.Options.DEFAULTS.withCompression(compression);
        H5adWriter.write(new AnnData(counts.withDType(type)), file, options);
        Matrix x = H5adReader.read(file).getX();
        try (BackedMatrix backed = H5adReader.backedX(file)) {
          List<int[]> requests = requests(x.nRows());
          for (int threads : new int[] {1, 2, 7}) {
            List<Matrix> read =
                Seeds.withThreads(
                    threads,
                    () ->
                        requests.stream().parallel().map(rows -> backed.read(rows, null)).toList());
            for (int r = 0; r < read.size(); r++) {
              SameContent.matrix("part", x.takeRows(requests.get(r)), read.get(r));
            }
          }
        }
      }
    }
  }

  @Test
  void selectionsAndLoadingWork() {
    AnnData whole = H5adReader.read(H5Files.encodings());
    AnnData backed = H5adReader.read(H5Files.encodings(), BACKED);
    AnnData some = backed.select(AxisIndex.range(2, 5, 1), AxisIndex.positions(0, 3)).copy();
    SameContent.matrix("X", whole.getX().take(new int[] {2, 3, 4}, new int[] {0, 3}), some.getX());
    assertThat(backed.isBacked()).isTrue();
    backed.toMemory();
    assertThat(backed.isBacked()).isFalse();
    SameContent.check(whole, backed);
  }

  @Test
  void anXInAFileIsWrittenInPieces() {
    CsrMatrix counts = Seeds.counts(300, 40, 0.2, 2);
    var all = List.of(counts, counts.toDense(), counts.transposeToCsr().transpose());
    for (Matrix x : all) {
      for (var compression : Compression.values()) {
        Path from = folder.resolve("from.h5ad");
        H5adWriter.write(new AnnData(x), from);
        AnnData backed = H5adReader.read(from, BACKED);
        AnnData part = backed.select(AxisIndex.range(250, 20, -3), AxisIndex.positions(7, 3, 11));
        var options =
            H5adWriter.Options.DEFAULTS.withCompression(compression).withMaxLoadedElems(333);
        Path to = folder.resolve("to.h5ad");
        H5adWriter.write(part, to, options);
        SameContent.check(part.copy(), H5adReader.read(to));
        H5adWriter.write(backed, from, options);
        AnnData again = H5adReader.read(from);
        assertThat(again.getX().dtype()).isEqualTo(x.dtype());
        SameContent.check(backed.copy(), again);
      }
    }
  }

  @Test
  void viewsKeepTheirFileWhenTheObjectLetsGoOfIt() {
    CsrMatrix counts = Seeds.counts(30, 4, 0.5, 3);
    Path file = folder.resolve("x.h5ad");
    H5adWriter.write(new AnnData(counts), file);
    for (Consumer<AnnData> change :
        List.<Consumer<AnnData>>of(
            AnnData::toMemory,
            a -> a.setX(counts.toDense()),
            a -> a.subset(AxisIndex.range(0, 9, 1), AxisIndex.ALL),
            a -> a.setBacked(H5adReader.backedX(file)))) {
      AnnData backed = H5adReader.read(file, BACKED);
      AnnData view = backed.select(AxisIndex.range(3, 8, 1), AxisIndex.ALL);
      change.accept(backed);
      SameContent.matrix("X", counts.take(new int[] {3, 4, 5, 6, 7}, null), view.getX());
    }
  }

  private static boolean isElsewhere(Matrix x) {
    return !((CsrMatrix) x).isInMemory();
  }

  /** About 2.5 million values, more than are read at once, in X, a layer and raw. */
  private Path largeFile() {
    CsrMatrix counts = Seeds.counts(3000, 1650, 0.5, 4);
    var adata = new AnnData(counts);
    adata.getLayers().set("counts", counts);
    adata.setRaw(adata);
    Path file = folder.resolve("large.h5ad");
    H5adWriter.write(adata, file);
    return file;
  }

  @Test
  void rowsInAFileFollowSubsetsChangesAndAssignments() {
    long limit = MemoryBudget.limit();
    try {
      // nothing fits, so that what is chosen stays in the file as well
      MemoryBudget.limit(0);
      followRows(largeFile());
    } finally {
      MemoryBudget.limit(limit);
    }
  }

  private void followRows(Path file) {
    AnnData memory = H5adReader.read(file);
    AnnData backed = H5adReader.read(file, BACKED);
    for (AnnData adata : List.of(memory, backed)) {
      adata.subset(AxisIndex.range(1, 2999, 1), AxisIndex.range(0, 1640, 1));
      adata.getLayers().set("kept", adata.getX().copy());
      CsrMatrix x = adata.getX().toCsr();
      adata.setX(
          x.changed(
              () ->
                  (row, block, from, to) -> {
                    for (int p = from; p < to; p++) {
                      block.values()[p] = (block.values()[p] + row) / 3;
                    }
                  }));
    }
    assertThat(backed.isBacked()).isTrue();
    assertThat(isElsewhere(backed.getX())).isTrue();
    assertThat(isElsewhere(backed.getLayers().get("counts"))).isTrue();
    assertThat(isElsewhere(backed.getRaw().getX())).isTrue();
    SameContent.check(memory, backed);
    SameContent.check(memory, backed.copy());
    Path to = folder.resolve("to.h5ad");
    H5adWriter.write(backed, to);
    SameContent.check(memory, H5adReader.read(to));
    // over the very file that the rows are read from
    H5adWriter.write(backed, file);
    SameContent.check(memory, H5adReader.read(file));
    backed.toMemory();
    assertThat(backed.isBacked()).isFalse();
    assertThat(isElsewhere(backed.getLayers().get("kept"))).isFalse();
    assertThat(isElsewhere(backed.getRaw().getX())).isFalse();
    SameContent.check(memory, backed);
  }

  @Test
  void whatIsChosenIsInMemoryWhereItFits() {
    AnnData backed = H5adReader.read(largeFile(), BACKED);
    assertThat(isElsewhere(backed.getX())).isTrue();
    backed.subset(AxisIndex.ALL, AxisIndex.range(0, 100, 1));
    assertThat(backed.isBacked()).isFalse();
    assertThat(isElsewhere(backed.getX())).isFalse();
  }

  @Test
  void whatWasHandedOutOutlivesAnXInMemory() {
    AnnData backed = H5adReader.read(largeFile(), BACKED);
    Matrix handed = backed.getX();
    double[] sums = handed.rowSums();
    backed.setX(handed.toDense());
    assertThat(handed.rowSums()).isEqualTo(sums);
  }

  @Test
  void aClosedFileSaysSo() {
    AnnData backed = H5adReader.read(largeFile(), BACKED);
    Matrix handed = backed.getX();
    backed.closeFile();
    assertThatThrownBy(handed::colSums)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("large.h5ad, which was closed; read the object anew");
    assertThatThrownBy(backed::getX).hasMessageContaining("which was closed");
  }

  @Test
  void anInterruptedPassLeavesTheFileReadable() {
    AnnData backed = H5adReader.read(largeFile(), BACKED);
    double[] sums = backed.getX().copy().rowSums();
    long limit = MemoryBudget.limit();
    MemoryBudget.limit(0);
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> backed.getX().colSums()).isInstanceOf(CancellationException.class);
      assertThat(backed.getX().rowSums()).isEqualTo(sums);
    } finally {
      MemoryBudget.limit(limit);
    }
  }

  @Test
  void aFileWithoutXHasNoneToLeaveThere() {
    Path file = folder.resolve("none.h5ad");
    H5adWriter.write(new AnnData(null, DataFrame.ofNames("a"), DataFrame.ofNames("g")), file);
    assertThat(H5adReader.read(file, BACKED).isBacked()).isFalse();
    assertThatThrownBy(() -> H5adReader.backedX(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("none.h5ad")
        .hasMessageContaining("'X' is missing");
  }
}
