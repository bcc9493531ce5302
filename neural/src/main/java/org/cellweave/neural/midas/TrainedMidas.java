package org.cellweave.neural.midas;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.train.History;
import org.cellweave.random.CountDistributions;
import org.cellweave.random.Streams;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * A trained model, to be asked about cells: those it was trained on, or others of its batches and
 * modalities. What is drawn for a cell depends on the seed and its row alone.
 */
public final class TrainedMidas {
  /** What Poisson draws take. */
  private static final double MOST = 1e9;

  private static final int DRAWN = 64;

  private final Network network;
  private final Midas.Params params;
  private final History history;
  private final Map<String, String> notes = new LinkedHashMap<>();

  TrainedMidas(Network network, Midas.Params params, History history) {
    this.network = network;
    this.params = params;
    this.history = history;
  }

  /**
   * Means of places.
   *
   * @param cells rows of the input, of all arrays here
   * @param c biological dimensions
   * @param u technical ones
   */
  public record Places(int[] cells, DenseMatrix c, DenseMatrix u) {}

  /**
   * @param cells rows of the input
   * @param features of the columns
   */
  public record Decoded(int[] cells, String[] features, DenseMatrix x) {}

  public Midas.Params params() {
    return params;
  }

  public History history() {
    return history;
  }

  public List<String> batches() {
    return network.shape().batches();
  }

  public List<String> modalities() {
    return network.shape().modalities().stream().map(Modality::name).toList();
  }

  /** Texts that are saved with the model. */
  public Map<String, String> notes() {
    return notes;
  }

  Network network() {
    return network;
  }

  /**
   * Places of cells.
   *
   * @param using modalities that tell them, of which a cell needs all; empty for whatever it has
   */
  public Places latent(IntegrationInput input, List<String> using) {
    return latent(read(input), using);
  }

  private MosaicCells read(IntegrationInput input) {
    var cells = new MosaicCells(input, network.shape().modalities());
    for (MosaicCells.Part part : cells.parts()) {
      if (!batches().contains(part.batch())) {
        throw new IllegalArgumentException(
            "the model knows no batch '"
                + part.batch()
                + "', it has "
                + batches()
                + ". Train it on for new batches first (loadQueryData)");
      }
    }
    return cells;
  }

  private Places latent(MosaicCells cells, List<String> using) {
    int c = network.dimC();
    int z = network.dimZ();
    int[] chosen = Evaluation.cells(cells, places(using));
    if (chosen.length == 0) {
      throw new IllegalArgumentException("no cell has all of the modalities " + using);
    }
    float[] first = new float[Math.multiplyExact(chosen.length, c)];
    float[] second = new float[chosen.length * (z - c)];
    int[] rowOf = inverse(chosen, cells.nCells());
    Evaluation.run(
        network,
        cells,
        places(using),
        (pass, rows, distribution) -> {
          float[] q = pass.tape().read(distribution);
          for (int i = 0; i < rows.length; i++) {
            int row = rowOf[rows[i]];
            System.arraycopy(q, i * 2 * z, first, row * c, c);
            System.arraycopy(q, i * 2 * z + c, second, row * (z - c), z - c);
          }
        });
    return new Places(
        chosen,
        DenseMatrix.wrap(first, chosen.length, c),
        DenseMatrix.wrap(second, chosen.length, z - c));
  }

  private static int[] inverse(int[] cells, int n) {
    int[] out = new int[n];
    for (int k = 0; k < cells.length; k++) {
      out[cells[k]] = k;
    }
    return out;
  }

  private int[] places(List<String> names) {
    return names.stream().mapToInt(this::place).toArray();
  }

  private int place(String modality) {
    int place = modalities().indexOf(modality);
    if (place < 0) {
      throw new IllegalArgumentException(
          "the model knows no modality '"
              + modality
              + "', it has "
              + modalities()
              + Check.suggestion(modality, modalities()));
    }
    return place;
  }

  /** Expectations of one modality for all cells: of counts, or shares of open regions. */
  public Decoded imputed(IntegrationInput input, String modality) {
    return decoded(read(input), List.of(), modality, null);
  }

  /**
   * As {@link #imputed}, told by some modalities, for the cells that have all of them.
   *
   * @param from one at least
   */
  public Decoded translated(IntegrationInput input, List<String> from, String to) {
    if (from.isEmpty()) {
      throw new IllegalArgumentException("name at least one modality to translate from");
    }
    if (from.contains(to)) {
      throw new IllegalArgumentException(
          "'"
              + to
              + "' is among the modalities to translate from, "
              + from
              + "; leave it out there");
    }
    return decoded(read(input), from, to, null);
  }

  /**
   * Counts as if all cells were of one batch: the one whose mean technical place is nearest to that
   * of all cells.
   *
   * @param sampled draws counts; expectations otherwise
   */
  public Decoded batchCorrected(
      IntegrationInput input, String modality, boolean sampled, long seed) {
    MosaicCells cells = read(input);
    float[] u = technical(cells, latent(cells, List.of()));
    Decoded out = decoded(cells, List.of(), modality, u);
    if (sampled) {
      draw(out, network.shape().modalities().get(place(modality)), seed);
    }
    return out;
  }

  /** The mean technical place of the batch in whose middle most cells are. */
  private static float[] technical(MosaicCells cells, Places places) {
    int dims = places.u().nCols();
    Map<String, double[]> sums = new LinkedHashMap<>();
    double[] all = new double[dims + 1];
    for (MosaicCells.Part part : cells.parts()) {
      double[] sum = sums.computeIfAbsent(part.batch(), b -> new double[dims + 1]);
      for (int cell : part.cells()) {
        for (int j = 0; j <= dims; j++) {
          double value = j == dims ? 1 : places.u().get(cell, j);
          sum[j] += value;
          all[j] += value;
        }
      }
    }
    float[] best = null;
    double nearest = Double.POSITIVE_INFINITY;
    for (double[] sum : sums.values()) {
      double distance = 0;
      float[] mean = new float[dims];
      for (int j = 0; j < dims; j++) {
        mean[j] = (float) (sum[j] / sum[dims]);
        double d = sum[j] / sum[dims] - all[j] / all[dims];
        distance += d * d;
      }
      if (distance < nearest) {
        nearest = distance;
        best = mean;
      }
    }
    return best;
  }

  private void draw(Decoded of, Modality modality, long seed) {
    Parameter logDispersion = network.head(place(modality.name())).logDispersion();
    int n = of.features().length;
    Parallel.forRange(
        of.cells().length,
        DRAWN,
        (from, to) -> {
          double[] row = new double[n];
          for (int i = from; i < to; i++) {
            of.x().readRow(i, row);
            SplittableRandom random = Streams.of(seed, of.cells()[i]);
            for (int j = 0; j < n; j++) {
              double theta = logDispersion == null ? 0 : Elementary.exp(logDispersion.values()[j]);
              row[j] = draw(modality.likelihood(), row[j], theta, random);
            }
            of.x().setRow(i, row);
          }
        });
  }

  private static double draw(
      Modality.Likelihood likelihood, double mean, double theta, SplittableRandom random) {
    return switch (likelihood) {
      case BERNOULLI -> random.nextDouble() < mean ? 1 : 0;
      case POISSON -> CountDistributions.poisson(Math.min(MOST, mean), random);
      case NEGATIVE_BINOMIAL -> {
        double rate = mean * CountDistributions.gammaOfAnyShape(theta, random) / theta;
        yield CountDistributions.poisson(Math.min(MOST, rate), random);
      }
    };
  }

  /**
   * @param u of all cells; null for their own
   */
  private Decoded decoded(MosaicCells cells, List<String> using, String modality, float[] u) {
    int m = place(modality);
    Modality of = network.shape().modalities().get(m);
    int n = of.nFeatures();
    int c = network.dimC();
    int z = network.dimZ();
    int[] chosen = Evaluation.cells(cells, places(using));
    if (chosen.length == 0) {
      throw new IllegalArgumentException("no cell has all of the modalities " + using);
    }
    var x = DenseMatrix.zeros(chosen.length, n, DType.FLOAT32);
    int[] rowOf = inverse(chosen, cells.nCells());
    Evaluation.run(
        network,
        cells,
        places(using),
        (pass, rows, distribution) -> {
          float[] place = new float[rows.length * z];
          float[] q = pass.tape().read(distribution);
          for (int i = 0; i < rows.length; i++) {
            System.arraycopy(q, i * 2 * z, place, i * z, z);
            if (u != null) {
              System.arraycopy(u, 0, place, i * z + c, z - c);
            }
          }
          var h = network.decoded(pass, pass.tape().values(rows.length, z, place));
          var pieces = network.head(m).apply(pass, h);
          for (int p = 0; p < pieces.size(); p++) {
            expect(of, pass.tape().read(pieces.get(p)), p, rows, rowOf, x);
          }
        });
    return new Decoded(chosen, of.features().clone(), x);
  }

  private static void expect(
      Modality of, float[] logits, int piece, int[] rows, int[] rowOf, DenseMatrix into) {
    int width = of.width(piece);
    double[] row = new double[width];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < width; j++) {
        double o = logits[i * width + j];
        row[j] = of.isRegions() ? 1 / (1 + Elementary.exp(-o)) : Elementary.exp(o);
      }
      into.setRow(rowOf[rows[i]], of.pieces()[piece], width, row);
    }
  }

  /**
   * Trains a copy on for other cells, whose batches may be new; weights begin as they are here.
   *
   * @param training of which sizes of networks and likelihoods are those of this model
   */
  public Midas.Result query(IntegrationInput input, Midas.Params training, Progress progress) {
    Midas.Params with =
        training.toBuilder()
            .dimC(params.dimC())
            .dimU(params.dimU())
            .nHidden(params.nHidden())
            .nShared(params.nShared())
            .rna(params.rna())
            .geneLikelihood(params.geneLikelihood())
            .atac(params.atac())
            .build();
    List<Modality> modalities = network.shape().modalities();
    var cells = new MosaicCells(input, modalities);
    var next = new Network(Network.Shape.of(modalities, cells, network.shape()), with);
    take(network.encoding(), next.encoding());
    take(network.judging(), next.judging());
    var result = Midas.trained(next, input, cells, null, with, progress);
    result.model().notes().putAll(notes);
    return result;
  }

  /** Of parameters that grew by new batches, what was there. */
  private static void take(Parameters from, Parameters to) {
    for (Parameter p : to.all()) {
      if (from.has(p.name())) {
        Parameter old = from.get(p.name());
        int cols = Math.min(old.cols(), p.cols());
        for (int i = 0; i < Math.min(old.rows(), p.rows()); i++) {
          System.arraycopy(old.values(), i * old.cols(), p.values(), i * p.cols(), cols);
        }
      }
    }
  }

  /**
   * Saves the model in a folder, which is made.
   *
   * @param overwrite whether a model of this kind that lies there may be replaced
   */
  public void save(Path folder, boolean overwrite) {
    MidasFile.save(this, folder, overwrite);
  }

  /**
   * @throws org.cellweave.util.FormatException when there is none, or the file is damaged
   */
  public static TrainedMidas load(Path folder) {
    return MidasFile.load(folder);
  }

  @Override
  public String toString() {
    List<String> of = new ArrayList<>();
    network.shape().modalities().forEach(m -> of.add(m.name() + " (" + m.nFeatures() + ")"));
    return "MIDAS model of "
        + String.join(", ", of)
        + " in batches "
        + batches()
        + ", "
        + params.dimC()
        + " + "
        + params.dimU()
        + " dimensions, "
        + history.epochs()
        + " epochs";
  }
}
