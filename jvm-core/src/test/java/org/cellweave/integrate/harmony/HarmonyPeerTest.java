package org.cellweave.integrate.harmony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.testing.EachReference;
import org.cellweave.testing.H5Reference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Side by side with the installed harmonypy, three seeds of it. */
class HarmonyPeerTest {
  /** The worst of a few pairs of seeds is itself a draw. */
  private static final double SLACK = 0.005;

  private static final int SEEDS = 3;
  private static final String PYTHON = System.getenv("CELLWEAVE_PYTHON");

  private static final String SCRIPT =
      """
      import sys, numpy as np, pandas as pd, harmonypy
      folder, cells, keys = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
      points = np.fromfile(folder + "/points", "<f4").reshape(cells, -1)
      codes = np.fromfile(folder + "/codes", "<i4").reshape(keys, cells)
      labels = pd.DataFrame({"k%d" % k: np.char.zfill(codes[k].astype(str), 3) for k in range(keys)})
      for seed in range(3):
          out = harmonypy.run_harmony(points, labels, list(labels), random_state=seed, verbose=False)
          z = np.asarray(out.Z_corr, "<f4")
          (z if z.shape[0] == cells else z.T).tofile(folder + "/corrected%d" % seed)
          np.asarray(out.objective_harmony, "<f4").tofile(folder + "/objective%d" % seed)
      """;

  @TempDir Path folder;

  @BeforeAll
  static void needsPython() {
    assumeTrue(PYTHON != null, "CELLWEAVE_PYTHON does not name a python with harmonypy");
  }

  @EachReference
  void oneCovariate(H5Reference file) throws Exception {
    try (file) {
      compare(file.dense("obsm/X_pca"), List.of(Categories.of("batch", file.codes("obs/batch"))));
    }
  }

  @Test
  void threeCovariates() throws Exception {
    var data = HarmonyData.simulated(3000, 12, 6, 4, 1, 11);
    int[] second = new int[3000];
    int[] third = new int[3000];
    Arrays.setAll(second, i -> i / 7 % 3);
    Arrays.setAll(third, i -> i / 31 % 2);
    var points = data.points().copy();
    for (int i = 0; i < 3000; i++) {
      points.set(i, 0, points.get(i, 0) + second[i]);
      points.set(i, 1, points.get(i, 1) - 2 * third[i]);
    }
    compare(points, List.of(data.batch(), Categories.of("b", second), Categories.of("c", third)));
  }

  private void compare(DenseMatrix points, List<Categories> covariates)
      throws IOException, InterruptedException {
    var theirs = new ArrayList<DenseMatrix>();
    var ends = new ArrayList<Double>();
    runPeer(points, covariates);
    for (int seed = 0; seed < SEEDS; seed++) {
      float[] z = read("corrected" + seed);
      theirs.add(DenseMatrix.wrap(z, points.nRows(), points.nCols()));
      float[] objective = read("objective" + seed);
      ends.add((double) objective[objective.length - 1]);
    }
    double spread = 1;
    for (int a = 0; a < SEEDS; a++) {
      for (int b = 0; b < a; b++) {
        spread = Math.min(spread, HarmonyData.worstCorrelation(theirs.get(a), theirs.get(b)));
      }
    }
    double end = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      var ours = Harmony.run(points, covariates, Harmony.Params.builder().seed(seed).build());
      for (var their : theirs) {
        assertThat(HarmonyData.worstCorrelation(ours.corrected(), their))
            .as("seed %s, harmonypy among itself %s", seed, spread)
            .isGreaterThanOrEqualTo(Math.min(0.995, spread - SLACK));
      }
      end += ours.objective()[ours.iterations()] / SEEDS;
    }
    // single seeds of either program end up to 2 % apart
    double theirEnd = ends.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(end).isCloseTo(theirEnd, within(0.01 * Math.abs(theirEnd)));
  }

  private void runPeer(DenseMatrix points, List<Categories> covariates)
      throws IOException, InterruptedException {
    int n = points.nRows();
    var bytes = ByteBuffer.allocate(4 * n * points.nCols()).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : points.toFloat32().floatData()) {
      bytes.putFloat(v);
    }
    Files.write(folder.resolve("points"), bytes.array());
    var codes = ByteBuffer.allocate(4 * n * covariates.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (var c : covariates) {
      for (int code : c.codes()) {
        codes.putInt(code);
      }
    }
    Files.write(folder.resolve("codes"), codes.array());
    var log = folder.resolve("log");
    var run =
        new ProcessBuilder(
                PYTHON,
                "-c",
                SCRIPT,
                folder.toString(),
                Integer.toString(n),
                Integer.toString(covariates.size()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(run.waitFor()).as(Files.readString(log)).isZero();
  }

  private float[] read(String name) throws IOException {
    var values =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] out = new float[values.remaining()];
    values.get(out);
    return out;
  }
}
