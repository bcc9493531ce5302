package org.cellweave.neural.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.neural.nn.View;
import org.cellweave.util.Check;
import org.cellweave.util.Elementary;

/**
 * What a model knows about cells: counts, batches, labels and covariates, checked once.
 *
 * <p>Counts are whole numbers and not negative, and every cell has one: a cell without counts has
 * no logarithm of its total.
 */
public final class CellData {
  /** Room for float32 in sums of counts, relative. */
  private static final double SAME = 1e-5;

  private final CountRows rows;
  private final String name;
  private final Map<String, Categories> codes = new LinkedHashMap<>();
  private final float[] continuous;
  private final int continuousColumns;
  private final double[] totals;
  private final double[] sizeFactors;

  /** Of the latent places; null where a model finds them from the counts. */
  private final LatentPosterior posterior;

  /** Mean and variance of the logarithm of totals, by batch. */
  private final double[] batchMeans;

  private final double[] batchVariances;

  /**
   * @param name what messages call the counts, such as {@code X}
   * @param batch of every cell; null for one batch
   * @param labels of every cell, for classifiers and dispersions by label; null without
   * @param categories further categorical covariates
   * @param continuous further numbers, one array per covariate
   * @param sizeFactors of every cell; null for totals
   */
  public record Covariates(
      String name,
      Categories batch,
      Categories labels,
      List<Categories> categories,
      List<double[]> continuous,
      double[] sizeFactors) {
    public static Covariates of(Categories batch) {
      return new Covariates("X", batch, null, List.of(), List.of(), null);
    }
  }

  public CellData(CountRows rows, Covariates with) {
    this(rows, with, null, null);
  }

  /**
   * @param given totals; null to count them
   */
  private CellData(CountRows rows, Covariates with, double[] given, LatentPosterior posterior) {
    this.rows = rows;
    this.posterior = posterior;
    this.name = with.name();
    int n = rows.nCells();
    if (n == 0 || rows.nGenes() == 0) {
      throw new IllegalArgumentException(
          name + " has " + (n == 0 ? "no cells" : "no genes") + "; a model needs some");
    }
    Categories batch =
        with.batch() == null ? Categories.of("batch", new int[n]) : with.batch().complete();
    put("batch", batch);
    for (int k = 0; k < with.categories().size(); k++) {
      put(org.cellweave.neural.nn.Covariates.category(k), with.categories().get(k).complete());
    }
    if (with.labels() != null) {
      put("labels", with.labels().complete());
    }
    this.continuousColumns = with.continuous().size();
    this.continuous = CovariateChecks.sideBySide(with.continuous(), n);
    this.totals = given == null ? CovariateChecks.totals(rows, name) : given;
    this.sizeFactors = CovariateChecks.sizeFactors(with.sizeFactors(), n);
    this.batchMeans = new double[batch.nLevels()];
    this.batchVariances = new double[batch.nLevels()];
    CovariateChecks.logTotals(totals, batch, batchMeans, batchVariances);
  }

  /**
   * Cells without their counts: where a model once placed them stands in.
   *
   * @param genes names of the genes that were counted
   * @param totals sum of the counts of every cell
   */
  public static CellData minified(
      String[] genes, double[] totals, Covariates with, LatentPosterior posterior) {
    CovariateChecks.positive(totals, "totals");
    CountRows none = new NoCounts(totals.length, genes.clone());
    return new CellData(none, with, totals.clone(), placed(posterior, totals.length));
  }

  /** These cells, of which a model need not find the latent places. */
  public CellData withPosterior(LatentPosterior found) {
    placed(found, nCells());
    return new CellData(this, rows, found, codes, new LogTotals(batchMeans, batchVariances));
  }

  private static LatentPosterior placed(LatentPosterior posterior, int cells) {
    Check.sameLength(posterior.cells(), cells, "latent posterior", "number of cells");
    return posterior;
  }

  private CellData(
      CellData of,
      CountRows rows,
      LatentPosterior posterior,
      Map<String, Categories> codes,
      LogTotals logTotals) {
    this.rows = rows;
    this.posterior = posterior;
    this.name = of.name;
    this.codes.putAll(codes);
    this.continuous = of.continuous;
    this.continuousColumns = of.continuousColumns;
    this.totals = of.totals;
    this.sizeFactors = of.sizeFactors;
    this.batchMeans = logTotals.means();
    this.batchVariances = logTotals.variances();
  }

  /** The same cells, for one more thread to feed from. */
  public CellData forThread() {
    var logTotals = new LogTotals(batchMeans, batchVariances);
    return new CellData(this, rows.forThread(), posterior, codes, logTotals);
  }

  /**
   * The same cells under other codes, as a model counts its levels.
   *
   * @param as every covariate of the new cells, by key
   * @param logTotals of the batches, which stand in for those of these cells
   */
  public CellData recoded(Map<String, Categories> as, LogTotals logTotals) {
    as.values().forEach(of -> of.forCells(nCells()));
    return new CellData(this, rows, posterior, as, logTotals);
  }

  /**
   * What is known about the totals of cells by batch: a prior where totals are inferred.
   *
   * @param means of the natural logarithms, by batch
   * @param variances as {@code means}, over all cells of a batch
   */
  public record LogTotals(double[] means, double[] variances) {}

  public LogTotals logTotals() {
    return new LogTotals(batchMeans.clone(), batchVariances.clone());
  }

  private void put(String key, Categories of) {
    Check.sameLength(of.nCells(), rows.nCells(), of.name(), "number of cells of " + name);
    codes.put(key, of);
  }

  public int nCells() {
    return rows.nCells();
  }

  public int nGenes() {
    return rows.nGenes();
  }

  public String name() {
    return name;
  }

  /** Names of the genes; null where they are not known. */
  public String[] genes() {
    return rows.genes();
  }

  /** Where a model has placed these cells; null where that is found from their counts. */
  public LatentPosterior posterior() {
    return posterior;
  }

  /** False of cells whose counts were dropped. */
  public boolean hasCounts() {
    return !(rows instanceof NoCounts);
  }

  /**
   * @param what needs the counts, for the message
   * @throws IllegalArgumentException where they were dropped
   */
  public CellData requireCounts(String what) {
    if (!hasCounts()) {
      throw new IllegalArgumentException(
          what
              + " needs the counts of cells, which were dropped when these were minified. Give the"
              + " cells with their counts, or minify with them kept:"
              + " latent_posterior_parameters_with_counts");
    }
    return this;
  }

  /** All that a model reads of these cells, in sums; passes over the counts once. */
  public Fingerprint fingerprint() {
    var out = new Fingerprint().names("genes", genes() == null ? null : List.of(genes()));
    if (hasCounts()) {
      out.counts("counts", rows);
    }
    codes.forEach(out::categories);
    return out.numbers("continuous covariates", continuous)
        .numbers("size factors", sizeFactors)
        .numbers("totals by batch", batchMeans)
        .numbers("variances of totals by batch", batchVariances);
  }

  /** Visits the counts of every cell once, in order. */
  public void forEach(CountRows.Visitor visitor) {
    rows.forEach(visitor);
  }

  /** Levels of {@code batch}, {@code labels} or {@code category_k}. */
  public Categories categories(String key) {
    Categories found = codes.get(key);
    if (found == null) {
      throw new IllegalArgumentException("these cells have no '" + key + "'");
    }
    return found;
  }

  public boolean has(String key) {
    return codes.containsKey(key);
  }

  /** Number of further categorical covariates. */
  public int categoricalCovariates() {
    int n = 0;
    while (has(org.cellweave.neural.nn.Covariates.category(n))) {
      n++;
    }
    return n;
  }

  public int continuousColumns() {
    return continuousColumns;
  }

  /** Sum of the counts of every cell. */
  public double[] totals() {
    return totals;
  }

  public boolean hasSizeFactors() {
    return sizeFactors != null;
  }

  /** What stands for the total of a cell in the likelihood: its size factor, or its counts. */
  public double library(int cell) {
    return sizeFactors == null ? totals[cell] : sizeFactors[cell];
  }

  /** The counts of some cells, in this order. */
  public Counts counts(int[] cells) {
    Counts out = new Counts(nGenes());
    out.clear(cells.length);
    rows.forThread().append(cells, 0, cells.length, out);
    return out;
  }

  /** Puts the cells {@code order[from] .. order[to - 1]} into a view of the minibatch. */
  public void feed(int[] order, int from, int to, View view, Minibatch into) {
    Counts counts = into.counts(view);
    counts.clear(to - from);
    rows.append(order, from, to, counts);
    if (hasCounts()) {
      checkUnchanged(order, from, counts);
    }
    int n = to - from;
    codes.forEach(
        (key, of) -> {
          int[] out = new int[n];
          for (int k = 0; k < n; k++) {
            out[k] = of.code(order[from + k]);
          }
          into.codes(view, key, out);
        });
    float[] library = new float[n];
    float[] mean = new float[n];
    float[] variance = new float[n];
    Categories batch = codes.get("batch");
    for (int k = 0; k < n; k++) {
      int cell = order[from + k];
      library[k] = (float) Elementary.log(library(cell));
      mean[k] = (float) batchMeans[batch.code(cell)];
      variance[k] = (float) batchVariances[batch.code(cell)];
    }
    into.numbers(view, "library", library);
    into.numbers(view, "library_mean", mean);
    into.numbers(view, "library_variance", variance);
    into.numbers(view, "continuous", continuousOf(order, from, to));
  }

  /** Counts were checked once; logarithms taken in place since then would pass for counts. */
  private void checkUnchanged(int[] order, int from, Counts counts) {
    for (int k = 0; k < counts.cells(); k++) {
      double sum = 0;
      for (int p = counts.start()[k]; p < counts.start()[k + 1]; p++) {
        sum += counts.value()[p];
      }
      double total = totals[order[from + k]];
      if (Math.abs(sum - total) > SAME * total) {
        throw new IllegalStateException(
            String.format(
                java.util.Locale.ROOT,
                "%s has changed since its counts were checked: those of cell %d add up to %.6g, and"
                    + " did to %.6g. Make the model anew, from a layer that is left as it is",
                name,
                order[from + k],
                sum,
                total));
      }
    }
  }

  private float[] continuousOf(int[] order, int from, int to) {
    float[] out = new float[(to - from) * continuousColumns];
    for (int k = from; k < to; k++) {
      System.arraycopy(
          continuous,
          order[k] * continuousColumns,
          out,
          (k - from) * continuousColumns,
          continuousColumns);
    }
    return out;
  }
}
