package org.cellweave.io.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellweave.data.AnnData;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.StringColumn;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.FormatException;
import org.cellweave.util.PythonNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The texts are those that anndata 0.12.19 writes of the same object. */
class CsvFolderTest {
  @TempDir Path folder;

  private static AnnData example() {
    DataFrame obs = DataFrame.ofNames("c1", "c2");
    obs.set("n", NumericColumn.of(1L, 2L));
    obs.set("f", NumericColumn.of(0.1f, Float.NaN));
    obs.set("d", NumericColumn.of(1e-5, 1e20));
    obs.set("b", new BooleanColumn(new boolean[] {true, false}, null));
    obs.set("c", CategoricalColumn.ofTexts("a,b", "q\"x"));
    obs.set("t", StringColumn.of("x\ny", " z"));
    float[] x = {1, 2.5f, 1e-7f, 3, 4, 123456.79f};
    var data = new AnnData(DenseMatrix.wrap(x, 2, 3), obs, DataFrame.ofNames("g1", "g2", "g3"));
    data.getObsm().set("X_pca", DenseMatrix.wrap(new double[] {1, 2, 3, 4}, 2, 2));
    data.getUns().put("s", "text");
    data.getUns().put("v", NdArray.of(1L, 2L));
    data.getUns().put("i", 3L);
    data.getUns().put("l", NdArray.of("a", "b"));
    data.getUns().put("map", Map.of("k", 1L));
    return data;
  }

  @Test
  void writesWhatAnndataWrites() throws IOException {
    var warnings = new ArrayList<String>();
    CsvFolder.write(example(), folder.resolve("out.csv"), false, ",", warnings::add);
    Path out = folder.resolve("out");
    assertThat(Files.readString(out.resolve("obs.csv")))
        .isEqualTo(
            ",n,f,d,b,c,t\nc1,1,0.1,1e-05,True,\"a,b\",\"x\ny\"\nc2,2,,1e+20,False,\"q\"\"x\", z\n");
    assertThat(Files.readString(out.resolve("var.csv"))).isEqualTo("\"\"\ng1\ng2\ng3\n");
    assertThat(Files.readString(out.resolve("obsm.csv")))
        .isEqualTo("X_pca1,X_pca2\n1.0,2.0\n3.0,4.0\n");
    assertThat(Files.readString(out.resolve("varm.csv"))).isEqualTo("\n\n\n\n");
    assertThat(Files.readString(out.resolve("X.csv")))
        .isEqualTo("1.0,2.5,1e-07\n3.0,4.0,123456.79\n");
    assertThat(out.resolve("uns/s.csv")).hasContent("text");
    assertThat(out.resolve("uns/v.csv")).hasContent("1\n2");
    assertThat(out.resolve("uns/i.csv")).hasContent("3");
    assertThat(out.resolve("uns/l.csv")).hasContent("a\nb");
    assertThat(out.resolve("uns/map.csv")).doesNotExist();
    assertThat(warnings).hasSize(1).first().asString().startsWith("uns['map'] is left out");
  }

  @Test
  void theSeparatorIsQuotedAndXIsLeftOutUnlessWanted() throws IOException {
    CsvFolder.write(example(), folder.resolve("out"), true, "\t", w -> {});
    assertThat(Files.readString(folder.resolve("out/obs.csv")))
        .contains("c1\t1\t0.1\t1e-05\tTrue\ta,b\t");
    assertThat(folder.resolve("out/X.csv")).doesNotExist();
    assertThatThrownBy(() -> CsvFolder.write(example(), folder, true, "", w -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sep must be one character");
  }

  @Test
  void numbersAreSpelledAsInPython() {
    assertThat(
            List.of(
                0.1,
                1e16,
                1e15,
                Double.parseDouble("1.2345678901234568e17"),
                1e-4,
                1.5e-5,
                -0.0,
                2e-3,
                Double.parseDouble("1e23")))
        .map(PythonNumber::of)
        .containsExactly(
            "0.1",
            "1e+16",
            "1000000000000000.0",
            "1.2345678901234568e+17",
            "0.0001",
            "1.5e-05",
            "-0.0",
            "0.002",
            "1e+23");
    assertThat(PythonNumber.of(0x1p-44)).isEqualTo("5.684341886080802e-14");
    assertThat(PythonNumber.of(Double.MIN_VALUE)).isEqualTo("5e-324");
    assertThat(PythonNumber.of(16777216f)).isEqualTo("16777216.0");
    assertThat(PythonNumber.of(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }

  @Test
  void readsTheCountsOfUmiTools() throws IOException {
    Path file = folder.resolve("counts.tsv");
    Files.writeString(file, "gene\tcell\tcount\ng2\tB\t1\ng1\tB\t2\ng2\tA\t3\ng2\tB\t4\n");
    AnnData data = UmiTools.read(file);
    assertThat(data.getObsNames()).containsExactly("A", "B");
    assertThat(data.getVarNames()).containsExactly("g1", "g2");
    assertThat(data.getObs().getIndexName()).isEqualTo("cell");
    assertThat(data.getVar().getIndexName()).isEqualTo("gene");
    assertThat(data.getX().toDense().doubleData()).containsExactly(0, 3, 2, 5);
    Files.writeString(file, "gene\tcell\tcount\ng2\tB\tx\n");
    assertThatThrownBy(() -> UmiTools.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("counts.tsv, line 2: 'x' is no count");
    Files.writeString(file, "gene,cell,count\n");
    assertThatThrownBy(() -> UmiTools.read(file)).hasMessageContaining("there is no column 'gene'");
  }
}
