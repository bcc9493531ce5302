package org.cellweave.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.junit.jupiter.api.Test;

class AnnDataChunksTest {
  private static DenseMatrix x() {
    return DenseMatrix.ofRows(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}});
  }

  private static void assertChunks(AnnData adata, double... firstValues) {
    List<String> spans = new ArrayList<>();
    List<Double> firsts = new ArrayList<>();
    for (AnnData.Chunk chunk : adata.chunkedX(2)) {
      spans.add(chunk.first() + "-" + chunk.end());
      assertThat(chunk.x().nRows()).isEqualTo(chunk.end() - chunk.first());
      firsts.add(chunk.x().get(0, 0));
    }
    assertThat(spans).containsExactly("0-2", "2-4", "4-5");
    assertThat(firsts.stream().mapToDouble(d -> d).toArray()).containsExactly(firstValues);
  }

  @Test
  void chunksCoverEveryRowOnce() {
    assertChunks(new AnnData(x()), 1, 5, 9);
  }

  @Test
  void aBackedObjectReadsOnlyTheRowsOfEachChunk() {
    var adata = new AnnData(null, DataFrame.ofNames("a", "b", "c", "d", "e"), names());
    var file = new InFile();
    adata.setBacked(file);
    assertChunks(adata, 1, 5, 9);
    assertThat(file.reads).containsExactly("[0, 1]", "[2, 3]", "[4]");
    AnnData view = adata.select(AxisIndex.positions(4, 3, 2, 1, 0), AxisIndex.positions(1));
    file.reads.clear();
    assertChunks(view, 10, 6, 2);
    assertThat(file.reads).containsExactly("[4, 3]", "[2, 1]", "[0]");
  }

  @Test
  void aChunkNeedsRowsAndAMatrix() {
    assertThatThrownBy(() -> new AnnData(x()).chunkedX(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows");
    assertThatThrownBy(() -> new AnnData(null, names(), names()).chunkedX(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is none");
  }

  @Test
  void unusedCategoriesGoWithTheirColours() {
    var adata = new AnnData(x());
    Column three = StringColumn.of("u", "v", "w");
    adata.getObs().set("kind", new CategoricalColumn(new int[] {2, 0, -1, 2, 0}, three, false));
    adata.getVar().set("side", new CategoricalColumn(new int[] {1, 1}, three, true));
    adata.getUns().put("kind_colors", NdArray.of("#1", "#2", "#3"));
    adata.removeUnusedCategories();
    var kind = (CategoricalColumn) adata.getObs().get("kind");
    assertThat(kind.categoryNames()).containsExactly("u", "w");
    assertThat(kind.codes()).containsExactly(1, 0, -1, 1, 0);
    var side = (CategoricalColumn) adata.getVar().get("side");
    assertThat(side.categoryNames()).containsExactly("v");
    assertThat(side.isOrdered()).isTrue();
    assertThat(((NdArray) adata.getUns().get("kind_colors")).texts()).containsExactly("#1", "#3");
  }

  private static DataFrame names() {
    return DataFrame.ofNames("g0", "g1");
  }

  private static final class InFile implements BackedMatrix {
    private final List<String> reads = new ArrayList<>();

    @Override
    public int nRows() {
      return 5;
    }

    @Override
    public int nCols() {
      return 2;
    }

    @Override
    public DType dtype() {
      return DType.FLOAT32;
    }

    @Override
    public boolean isSparse() {
      return false;
    }

    @Override
    public Path file() {
      return Path.of("x.h5ad");
    }

    @Override
    public Matrix read(int[] rows, int[] cols) {
      reads.add(java.util.Arrays.toString(rows));
      return x().take(rows, cols);
    }

    @Override
    public void close() {}
  }
}
