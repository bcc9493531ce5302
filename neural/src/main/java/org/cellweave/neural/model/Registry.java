package org.cellweave.neural.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.LogTotals;
import org.cellweave.neural.data.MatchedGenes;
import org.cellweave.neural.nn.Covariates;
import org.cellweave.util.MissingKeyException;
import org.cellweave.util.Quoted;

/**
 * What a model knows of the cells it was made for: names of genes, levels of batches and other
 * covariates in their order, and the totals by batch. Other cells are read by it.
 *
 * @param genes names; null where they are not known
 * @param nGenes number of genes
 * @param levels names by covariate, {@code batch} first
 * @param unlabelled level of the cells without a label, the last one; null where all have one
 * @param continuous number of continuous covariates
 * @param sizeFactors whether totals are given
 * @param logTotals of the batches
 */
record Registry(
    String[] genes,
    int nGenes,
    Map<String, List<String>> levels,
    String unlabelled,
    int continuous,
    boolean sizeFactors,
    LogTotals logTotals) {
  static final String BATCH = "batch";
  static final String LABELS = "labels";

  private static final int SHOWN = 8;

  /**
   * @param withLabels whether the model looks at labels
   */
  static Registry of(CellData cells, boolean withLabels) {
    cells.requireCounts("a new model");
    Map<String, List<String>> levels = new LinkedHashMap<>();
    levels.put(BATCH, used(cells.categories(BATCH)));
    for (int k = 0; k < cells.categoricalCovariates(); k++) {
      String key = Covariates.category(k);
      levels.put(key, used(cells.categories(key)));
    }
    if (withLabels) {
      levels.put(LABELS, used(cells.categories(LABELS)));
    }
    return new Registry(
        cells.genes() == null ? null : MatchedGenes.distinct(cells.genes()),
        cells.nGenes(),
        levels,
        null,
        cells.continuousColumns(),
        cells.hasSizeFactors(),
        ofUsed(cells.logTotals(), cells.categories(BATCH)));
  }

  private static List<String> used(Categories of) {
    return List.of(of.withoutUnused().levels());
  }

  private static LogTotals ofUsed(LogTotals all, Categories batch) {
    int[] used = IntStream.range(0, batch.nLevels()).filter(l -> batch.size(l) > 0).toArray();
    return new LogTotals(
        Arrays.stream(used).mapToDouble(l -> all.means()[l]).toArray(),
        Arrays.stream(used).mapToDouble(l -> all.variances()[l]).toArray());
  }

  /**
   * The same with these labels, and one level for cells without a label, which comes last.
   *
   * @param labels which may have that level among them
   */
  Registry withLabels(List<String> labels, String none) {
    Map<String, List<String>> all = new LinkedHashMap<>(levels);
    List<String> ordered = new ArrayList<>(labels);
    ordered.remove(none);
    ordered.add(none);
    all.put(LABELS, List.copyOf(ordered));
    return new Registry(genes, nGenes, all, none, continuous, sizeFactors, logTotals);
  }

  boolean has(String key) {
    return levels.containsKey(key);
  }

  int size(String key) {
    return has(key) ? levels.get(key).size() : 0;
  }

  /** Numbers of levels of the further categorical covariates. */
  List<Integer> categorySizes() {
    List<Integer> out = new ArrayList<>();
    while (has(Covariates.category(out.size()))) {
      out.add(size(Covariates.category(out.size())));
    }
    return out;
  }

  /** Names of the genes, or their numbers. */
  String[] geneNames() {
    if (genes != null) {
      return genes.clone();
    }
    String[] numbers = new String[nGenes];
    Arrays.setAll(numbers, Integer::toString);
    return numbers;
  }

  /** Positions of genes by name. */
  int[] positions(List<String> names) {
    String[] all = geneNames();
    Map<String, Integer> at = new HashMap<>();
    for (int g = 0; g < all.length; g++) {
      at.put(all[g], g);
    }
    List<String> missing = names.stream().filter(name -> !at.containsKey(name)).toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "geneList must name at least one gene, got none; null is for all");
    }
    if (!missing.isEmpty()) {
      throw new MissingKeyException("genes", missing, List.of(all), "");
    }
    return names.stream().mapToInt(at::get).toArray();
  }

  /**
   * @return the code of a level
   * @throws IllegalArgumentException when there is none of this name
   */
  int code(String key, String level) {
    int code = levels.get(key).indexOf(level);
    if (code < 0) {
      throw new IllegalArgumentException(
          "no level " + Quoted.of(level) + " in " + key + "; there are " + shown(levels.get(key)));
    }
    return code;
  }

  static String shown(List<String> names) {
    List<String> first = names.subList(0, Math.min(SHOWN, names.size()));
    String more = names.size() > SHOWN ? ", ... " + (names.size() - SHOWN) + " more" : "";
    return "[" + String.join(", ", first.stream().map(Quoted::shortened).toList()) + more + "]";
  }

  /**
   * Cells under the codes of this registry.
   *
   * @param model that reads them, for messages
   * @throws IllegalArgumentException for other genes, missing covariates and unknown levels
   */
  CellData read(CellData cells, String model) {
    checkGenes(cells, model);
    checkNumbers(cells, model);
    Map<String, Categories> codes = new LinkedHashMap<>();
    for (var entry : levels.entrySet()) {
      String key = entry.getKey();
      if (cells.has(key)) {
        codes.put(key, read(cells.categories(key), key, model));
      } else if (key.equals(LABELS) && unlabelled != null) {
        int[] none = new int[cells.nCells()];
        Arrays.fill(none, entry.getValue().size() - 1);
        codes.put(key, new Categories(LABELS, none, entry.getValue().toArray(String[]::new)));
      } else {
        throw new IllegalArgumentException(
            "the " + model + " model was made with " + key + ", which these cells lack");
      }
    }
    return cells.recoded(codes, logTotals);
  }

  /** The levels of {@code from} by the numbers that they have here. */
  private Categories read(Categories from, String key, String model) {
    List<String> known = levels.get(key);
    if (Arrays.asList(from.levels()).equals(known)) {
      return from;
    }
    int[] number = new int[from.nLevels()];
    for (int l = 0; l < number.length; l++) {
      number[l] = known.indexOf(from.level(l));
      if (number[l] < 0 && from.size(l) > 0) {
        throw unknown(from, l, key, model);
      }
    }
    int[] codes = new int[from.nCells()];
    Arrays.setAll(codes, i -> number[from.code(i)]);
    return new Categories(from.name(), codes, known.toArray(String[]::new));
  }

  private IllegalArgumentException unknown(Categories from, int level, String key, String model) {
    String remedy =
        key.equals(LABELS)
            ? "Give such cells the label of those without one, or leave them out"
            : "Add such cells by loadQueryData, or leave them out";
    return new IllegalArgumentException(
        "level "
            + Quoted.of(from.level(level))
            + " of "
            + from.name()
            + " was not there when the "
            + model
            + " model was made, only "
            + shown(levels.get(key))
            + ". "
            + remedy);
  }

  /**
   * @throws IllegalArgumentException when cells have other genes, or the same in another order
   */
  void checkGenes(CellData cells, String model) {
    checkGenes(cells.name(), cells.nGenes(), cells.genes(), model);
  }

  /**
   * @param counts what messages call them
   * @param theirs names; null where they are not known
   */
  void checkGenes(String counts, int n, String[] theirs, String model) {
    String remedy =
        ". prepareQueryAnndata brings genes in the model's order and fills in missing ones:"
            + " scvi.SCVI.prepareQueryAnndata(adata, model)";
    if (n != nGenes) {
      throw new IllegalArgumentException(
          counts
              + " has "
              + n
              + " genes, but the "
              + model
              + " model was made for "
              + nGenes
              + remedy);
    }
    if (genes == null || theirs == null) {
      return;
    }
    int at = Arrays.mismatch(genes, theirs);
    if (at >= 0) {
      throw new IllegalArgumentException(
          "gene "
              + at
              + " of "
              + counts
              + " is "
              + Quoted.of(theirs[at])
              + ", but the "
              + model
              + " model has "
              + Quoted.of(genes[at])
              + " there"
              + remedy);
    }
  }

  private void checkNumbers(CellData cells, String model) {
    if (cells.continuousColumns() != continuous) {
      throw new IllegalArgumentException(
          "the "
              + model
              + " model was made with "
              + continuous
              + " continuous covariates, but these cells have "
              + cells.continuousColumns());
    }
    if (cells.hasSizeFactors() != sizeFactors) {
      throw new IllegalArgumentException(
          "the "
              + model
              + " model was made "
              + (sizeFactors ? "with" : "without")
              + " size factors, but these cells have "
              + (cells.hasSizeFactors() ? "some" : "none"));
    }
  }

  /**
   * With the levels of batches and categorical covariates that these cells have besides, after the
   * known ones; labels stay.
   */
  Registry extended(CellData query, String model) {
    checkGenes(query, model);
    checkNumbers(query, model);
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (var entry : levels.entrySet()) {
      Set<String> names = new LinkedHashSet<>(entry.getValue());
      if (!entry.getKey().equals(LABELS)) {
        Categories of = query.categories(entry.getKey());
        for (int l = 0; l < of.nLevels(); l++) {
          if (of.size(l) > 0) {
            names.add(of.level(l));
          }
        }
      }
      all.put(entry.getKey(), List.copyOf(names));
    }
    int n = all.get(BATCH).size();
    double[] means = Arrays.copyOf(logTotals.means(), n);
    double[] variances = Arrays.copyOf(logTotals.variances(), n);
    Categories batch = query.categories(BATCH);
    for (int l = 0; l < batch.nLevels(); l++) {
      int to = all.get(BATCH).indexOf(batch.level(l));
      if (to >= size(BATCH)) {
        means[to] = query.logTotals().means()[l];
        variances[to] = query.logTotals().variances()[l];
      }
    }
    return new Registry(
        genes, nGenes, all, unlabelled, continuous, sizeFactors, new LogTotals(means, variances));
  }
}
