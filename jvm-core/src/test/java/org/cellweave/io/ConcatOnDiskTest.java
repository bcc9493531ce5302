package org.cellweave.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.cellweave.data.AnnData;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.concat.Concat;
import org.cellweave.io.store.Compression;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcatOnDiskTest {
  @TempDir Path folder;

  private enum Form {
    CSR,
    CSC,
    DENSE
  }

  /** Cells by the genes named, with annotations of every kind. */
  private static AnnData part(long seed, int cells, List<String> genes, Form form, DType type) {
    var random = new SplittableRandom(seed);
    double[][] x = new double[cells][genes.size()];
    for (double[] row : x) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextInt(3) == 0 ? random.nextInt(1, 100) : 0;
      }
    }
    DenseMatrix dense = DenseMatrix.ofRows(x).withDType(type);
    Matrix matrix = form == Form.DENSE ? dense : form == Form.CSR ? dense.toCsr() : byColumn(dense);
    String[] names = new String[cells];
    java.util.Arrays.setAll(names, i -> "s" + seed + "c" + i);
    var adata =
        new AnnData(
            matrix, DataFrame.ofNames(names), DataFrame.ofNames(genes.toArray(new String[0])));
    adata.getObs().set("n", NumericColumn.of(random.doubles(cells).toArray()));
    adata.getObs().set("kind", CategoricalColumn.ofTexts(names));
    adata
        .getVar()
        .set("id", NumericColumn.of(genes.stream().mapToDouble(String::hashCode).toArray()));
    adata.getObsm().set("X_pca", DenseMatrix.ofRows(new double[cells][2]));
    adata.getLayers().set("counts", dense.toCsr());
    return adata;
  }

  private static Matrix byColumn(DenseMatrix dense) {
    return new org.cellweave.matrix.CscMatrix(dense.toCsr().transpose().toCsr());
  }

  private AnnData onDisk(List<AnnData> parts, Concat.Params params, long maxLoadedElems) {
    List<AnnData> backed = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      Path file = folder.resolve("part" + p + ".h5ad");
      H5adWriter.write(parts.get(p), file);
      backed.add(H5adReader.read(file, H5adReader.Options.DEFAULTS.withBacked(true)));
    }
    Path out = folder.resolve("joined.h5ad");
    var joined = Concat.runBacked(backed, params);
    for (var compression : Compression.values()) {
      if (compression == Compression.NONE || compression == Compression.GZIP) {
        var options =
            H5adWriter.Options.DEFAULTS
                .withMaxLoadedElems(maxLoadedElems)
                .withCompression(compression);
        H5adWriter.write(joined.adata(), joined.x(), out, options);
      }
    }
    backed.forEach(b -> b.getBacked().close());
    return H5adReader.read(out);
  }

  private static void assertSame(AnnData ours, AnnData expected) {
    assertThat(ours.getX().dtype()).isEqualTo(expected.getX().dtype());
    assertThat(ours.getX().isSparse()).isEqualTo(expected.getX().isSparse());
    assertThat(ours.getX().nCols()).isEqualTo(expected.getX().nCols());
    for (int i = 0; i < expected.getNObs(); i++) {
      for (int j = 0; j < expected.getNVars(); j++) {
        assertThat(ours.getX().get(i, j)).isEqualTo(expected.getX().get(i, j));
      }
    }
    assertThat(ours.getObsNames()).isEqualTo(expected.getObsNames());
    assertThat(ours.getVarNames()).isEqualTo(expected.getVarNames());
    assertThat(ours.getObs().getKeys()).isEqualTo(expected.getObs().getKeys());
    assertThat(ours.getLayers().getKeys()).isEqualTo(expected.getLayers().getKeys());
    assertThat(ours.getObsm().getKeys()).isEqualTo(expected.getObsm().getKeys());
  }

  @Test
  void filesJoinAsObjectsInMemoryDo() {
    Seeds.forEach(
        20,
        seed -> {
          var random = new SplittableRandom(seed);
          List<AnnData> parts = new ArrayList<>();
          var types = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.UINT8);
          for (int p = 0; p < 3; p++) {
            List<String> genes = new ArrayList<>();
            for (int g = 0; g < 12; g++) {
              if (random.nextInt(4) > 0) {
                genes.add("g" + (g * 5 % 12));
              }
            }
            var form = Form.values()[random.nextInt(3)];
            var type = types.get(random.nextInt(types.size()));
            parts.add(part(10 * seed + p, random.nextInt(1, 9), genes, form, type));
          }
          var params =
              Concat.Params.builder()
                  .join(random.nextBoolean() ? Concat.Join.OUTER : Concat.Join.INNER)
                  .merge(Concat.Merge.SAME)
                  .label("batch")
                  .indexUnique("-")
                  .fillValue(random.nextInt(3) == 0 ? 7.0 : null)
                  .build();
          var expected = Concat.run(parts, params).adata();
          assertSame(onDisk(parts, params, random.nextInt(1, 60)), expected);
        });
  }

  @Test
  void whatCannotBeJoinedOnDiskIsNamed() {
    var loaded = part(1, 3, List.of("a", "b"), Form.CSR, DType.FLOAT32);
    assertThatThrownBy(() -> Concat.runBacked(List.of(loaded), Concat.Params.builder().build()))
        .hasMessageContaining("object 0 must have its whole X in a file");
    var alongVar = Concat.Params.builder().axis(Concat.Axis.VAR).build();
    assertThatThrownBy(() -> Concat.runBacked(List.of(loaded), alongVar))
        .hasMessageContaining("axis must be 'obs' to join files on disk");
    assertThatThrownBy(() -> H5adWriter.Options.DEFAULTS.withMaxLoadedElems(0))
        .hasMessage("maxLoadedElems must be positive, got 0");
  }
}
