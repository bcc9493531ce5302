package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisIndex;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
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

  private void sameAsInMemory(Matrix written, H5adWriter.Compression compression) {
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
    for (var compression : H5adWriter.Compression.values()) {
      sameAsInMemory(counts, compression);
      sameAsInMemory(counts.transposeToCsr().transpose(), compression);
      sameAsInMemory(counts.toDense(), compression);
      sameAsInMemory(counts.withDType(DType.FLOAT64), compression);
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
}
