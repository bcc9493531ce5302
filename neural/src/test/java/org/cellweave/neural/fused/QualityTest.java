package org.cellweave.neural.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cellweave.design.Categories;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.data.Split;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.Vae;
import org.cellweave.neural.module.VaeShape;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.module.VaeShape.Where;
import org.cellweave.neural.train.CellFeed;
import org.cellweave.neural.train.History;
import org.cellweave.neural.train.Trainer;
import org.cellweave.neural.train.Training;
import org.cellweave.testing.H5Reference;
import org.cellweave.util.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trains on what {@code tools/check/neural/quality.py} prepared, which compares the bounds. */
@Tag("slow")
class QualityTest {
  private static final int LAST = 5;

  @Test
  void trainsBesideScviTools() throws IOException {
    String folder = System.getProperty("quality.folder");
    assumeTrue(folder != null, "tools/check/neural/quality.py runs this");
    List<String> lines = new ArrayList<>();
    for (String data : List.of("kang", "simulated")) {
      try (var file = H5Reference.of(Path.of(folder, data + ".h5"))) {
        for (int seed = 0; seed < Integer.getInteger("quality.seeds"); seed++) {
          lines.add(data + "\t" + seed + "\t" + train(file, seed));
        }
      }
    }
    Files.write(Path.of(folder, "ours.tsv"), lines);
    assertThat(lines).noneMatch(line -> line.contains("NaN"));
  }

  private static String train(H5Reference file, int seed) {
    CsrMatrix x = file.csr("x");
    Categories batch = Categories.of("batch", file.ints("batch"));
    var cells = new CellData(new MatrixRows(x), CellData.Covariates.of(batch));
    var split = new Split(file.ints("training/" + seed), file.ints("validation/" + seed));
    Training settings =
        Training.builder()
            .maxEpochs(Integer.getInteger("quality.epochs"))
            .checkValEveryNEpoch(1)
            .seed(seed)
            .build();
    var feed = new CellFeed(cells, split, settings.batchSize(), seed);
    var module = new Vae(defaults(x.nCols(), batch.nLevels()), seed);
    long began = System.nanoTime();
    History history =
        Trainer.run(module, feed, settings, FusedBackend.FACTORY, "scVI", Progress.NONE).history();
    double seconds = (System.nanoTime() - began) / 1e9;
    return last(history, "elbo_train") + "\t" + last(history, "elbo_validation") + "\t" + seconds;
  }

  private static double last(History history, String name) {
    double[] all = history.get(name);
    return Arrays.stream(all, all.length - LAST, all.length).average().orElseThrow();
  }

  private static VaeShape defaults(int genes, int batches) {
    return new VaeShape(
        genes,
        batches,
        1,
        List.of(),
        0,
        128,
        10,
        1,
        0.1,
        Dispersion.GENE,
        Likelihood.NB,
        LatentDistribution.NORMAL,
        true,
        false,
        true,
        true,
        false,
        Where.BOTH,
        Where.NONE,
        false,
        false);
  }
}
