package org.cellweave.integrate.mosaic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;
import org.cellweave.util.Quoted;

/** One run of {@link StabMap}. */
final class StabMapRun {
  private final int nCells;
  private final Categories labels;
  private final StabMap.Params params;
  private final Progress progress;
  private final List<MosaicPart> parts;
  private final MosaicTopology topology;
  private final List<StandardisedFeatures> values = new ArrayList<>();
  private final List<StabMap.Block> blocks = new ArrayList<>();
  private final List<double[]> columns = new ArrayList<>();
  private final List<StabMap.Step> steps = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  StabMapRun(IntegrationInput input, Categories labels, StabMap.Params params, Progress progress) {
    this.nCells = input.nCells();
    this.labels = labels == null ? null : labels.forCells(nCells);
    this.params = params;
    this.progress = progress;
    this.parts = MosaicParts.of(input, StabMap.NAME);
    this.topology = MosaicTopology.of(parts);
  }

  StabMap.Result result() {
    if (parts.size() < 2) {
      throw new IllegalArgumentException(
          "stabmap needs at least two parts to bring together, but all cells are of one batch, "
              + Quoted.of(parts.get(0).name())
              + ", with the same features. Take principal components of them");
    }
    requireConnected();
    int[] references = references();
    for (MosaicPart part : parts) {
      if (part.cells().length < 2) {
        throw new IllegalArgumentException(
            "stabmap needs at least 2 cells in every part, but "
                + Quoted.of(part.name())
                + " has 1; leave it out");
      }
      values.add(new StandardisedFeatures(part.x(), params.scale()));
    }
    for (int r = 0; r < references.length; r++) {
      Parallel.checkInterrupted();
      reference(references[r]);
      progress.step(StabMap.NAME, r + 1, references.length, Double.NaN);
    }
    var embedding = DenseMatrix.zeros(nCells, columns.size(), DType.FLOAT64);
    for (int d = 0; d < columns.size(); d++) {
      double[] column = columns.get(d);
      for (int i = 0; i < nCells; i++) {
        embedding.set(i, d, column[i]);
      }
    }
    int[] part = new int[nCells];
    for (int p = 0; p < parts.size(); p++) {
      for (int i : parts.get(p).cells()) {
        part[i] = p;
      }
    }
    return new StabMap.Result(embedding, blocks, steps, topology, part, warnings);
  }

  private void requireConnected() {
    int[] group = topology.groups();
    for (int p = 0; p < group.length; p++) {
      if (group[p] > 0) {
        List<String> first = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (int q = 0; q < group.length; q++) {
          if (group[q] == 0 || group[q] == group[p]) {
            (group[q] == 0 ? first : other).add(topology.names()[q]);
          }
        }
        throw new IllegalArgumentException(
            "stabmap needs features that join all parts, but "
                + other
                + " share none with "
                + first
                + ". Check the names of the features, or add cells that have both");
      }
    }
  }

  private int[] references() {
    List<String> names = List.of(topology.names());
    if (params.references().isEmpty()) {
      return IntStream.range(0, names.size()).toArray();
    }
    Set<String> wanted = new LinkedHashSet<>(params.references());
    return wanted.stream()
        .mapToInt(
            name -> {
              int at = names.indexOf(name);
              if (at < 0) {
                throw new IllegalArgumentException(
                    "references must be names of parts, one of "
                        + names
                        + ", got "
                        + Quoted.of(name)
                        + "."
                        + Check.suggestion(name, names));
              }
              return at;
            })
        .toArray();
  }

  // one reference -----------------------------------------------------------------------------

  private void reference(int r) {
    int[][] paths = topology.pathsFrom(r, params.paths());
    int[] own = varying(r);
    if (own.length == 0) {
      throw new IllegalArgumentException(
          "stabmap: all features of "
              + Quoted.of(topology.names()[r])
              + " are constant, so that it cannot be a reference");
    }
    int k = Math.min(params.nComps(), Math.min(own.length, values.get(r).nCells() - 1));
    if (k < params.nComps()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s has %d components, not %d: it has %d features and %d cells",
              Quoted.of(topology.names()[r]),
              k,
              params.nComps(),
              own.length,
              values.get(r).nCells()));
    }
    double[] loadings = values.get(r).loadings(own, k);
    add(r, "PC", values.get(r).times(own, loadings, new double[k]), paths);
    discriminants(r, paths);
  }

  private int[] varying(int p) {
    return IntStream.range(0, parts.get(p).features().length)
        .filter(values.get(p)::varies)
        .toArray();
  }

  private void discriminants(int r, int[][] paths) {
    if (labels == null) {
      return;
    }
    Categories own = labels.subset(parts.get(r).cells());
    int[] known =
        IntStream.range(0, own.nCells()).filter(i -> own.code(i) != Categories.MISSING).toArray();
    Categories used = own.subset(known).withoutUnused();
    if (used.nLevels() < 2) {
      return;
    }
    var labelled = new StandardisedFeatures(parts.get(r).x().takeRows(known), params.scale());
    int[] candidates =
        Arrays.stream(ranked(r, common(r))).filter(labelled::varies).sorted().toArray();
    Discriminants found =
        candidates.length == 0 ? null : Discriminants.of(labelled, candidates, used);
    if (found == null) {
      warnings.add(
          "labels tell no cells of " + Quoted.of(topology.names()[r]) + " apart; no LD block");
      return;
    }
    add(r, "LD", values.get(r).times(found.columns(), found.w(), found.intercept()), paths);
  }

  /** Features of a part that all parts have; all of its own where there are none. */
  private int[] common(int r) {
    Set<String> shared = new HashSet<>(Arrays.asList(parts.get(r).features()));
    for (MosaicPart part : parts) {
      shared.retainAll(new HashSet<>(Arrays.asList(part.features())));
    }
    int[] all = varying(r);
    int[] of =
        Arrays.stream(all).filter(j -> shared.contains(parts.get(r).features()[j])).toArray();
    return of.length > 0 ? of : all;
  }

  private void add(int r, String kind, DenseMatrix scores, int[][] paths) {
    int k = scores.nCols();
    double[][] block = new double[k][nCells];
    var target = new Target.Scores(values.get(r), scores);
    for (int p = 0; p < parts.size(); p++) {
      Parallel.checkInterrupted();
      boolean itself = p == r;
      DenseMatrix own =
          itself && !params.projectAll()
              ? scores
              : map(itself ? new int[] {r, r} : paths[p], target)
                  .apply(parts.get(p), values.get(p));
      int[] cells = parts.get(p).cells();
      for (int d = 0; d < k; d++) {
        for (int i = 0; i < cells.length; i++) {
          block[d][cells[i]] = own.get(i, d);
        }
      }
    }
    for (double[] column : block) {
      double mean = Arrays.stream(column).sum() / nCells;
      for (int i = 0; i < nCells; i++) {
        column[i] -= mean;
      }
    }
    weigh(block);
    columns.addAll(List.of(block));
    blocks.add(new StabMap.Block(topology.names()[r], kind, k));
  }

  /** To a mean magnitude of one a cell and dimension of an average block. */
  private void weigh(double[][] block) {
    if (!params.reweight()) {
      return;
    }
    double sum = 0;
    for (double[] column : block) {
      for (double v : column) {
        sum += Math.abs(v);
      }
    }
    double factor = sum > 0 ? nCells / sum : 1;
    for (double[] column : block) {
      for (int i = 0; i < column.length; i++) {
        column[i] *= factor;
      }
    }
  }

  // the way to another part -------------------------------------------------------------------

  /** From the features of the last part of a path to the numbers of its first part. */
  private FeatureMap map(int[] path, Target target) {
    FeatureMap whole = null;
    Target wanted = target;
    for (int s = 0; s + 1 < path.length; s++) {
      int from = path[s];
      boolean last = s + 2 == path.length;
      int[] shared = shared(from, path[s + 1]);
      FeatureMap step = step(path, s, from, shared, wanted, last);
      whole = whole == null ? step : whole.after(step);
      if (!last) {
        Map<String, Integer> at = parts.get(path[s + 1]).columns();
        int[] columns = Arrays.stream(step.features()).mapToInt(at::get).toArray();
        wanted = new Target.Features(values.get(path[s + 1]), columns);
      }
    }
    return whole;
  }

  /** Columns of a part that vary in it and in the other one, which has them, too. */
  private int[] shared(int from, int to) {
    Map<String, Integer> other = parts.get(to).columns();
    String[] names = parts.get(from).features();
    return Arrays.stream(varying(from))
        .filter(j -> other.containsKey(names[j]) && values.get(to).varies(other.get(names[j])))
        .toArray();
  }

  private FeatureMap step(int[] path, int s, int from, int[] shared, Target target, boolean last) {
    StandardisedFeatures of = values.get(from);
    if (shared.length == 0) {
      throw new IllegalArgumentException(
          "stabmap: all features that "
              + Quoted.of(topology.names()[from])
              + " shares with "
              + Quoted.of(topology.names()[path[s + 1]])
              + " are constant in one of them");
    }
    boolean ridge = params.solver() == StabMap.Solver.RIDGE;
    int[] used = ridge || last ? ranked(from, shared) : shared;
    double penalty = Double.NaN;
    double[] w;
    double[] intercept;
    if (ridge) {
      RidgeFit fit = RidgeFit.of(of, used, target, params.penalty());
      penalty = fit.penalty();
      w = fit.w();
      intercept = target.means();
    } else if (last) {
      var fit = SequentialFit.of(of.dense(used), target.dense());
      w = fit.w();
      intercept = fit.intercept();
    } else {
      int k = Math.min(params.nCompsSubset(), Math.min(used.length, of.nCells() - 1));
      double[] loadings = of.loadings(used, k);
      DenseMatrix scores = of.times(used, loadings, new double[k]);
      double[][] columns = new double[k][];
      Arrays.setAll(columns, scores::column);
      var fit = SequentialFit.of(columns, target.dense());
      w =
          new FeatureMap(new String[k], fit.w(), fit.intercept())
              .after(new FeatureMap(new String[used.length], loadings, new double[k]))
              .w();
      intercept = fit.intercept();
    }
    String[] names = parts.get(from).features();
    String[] features = Arrays.stream(used).mapToObj(j -> names[j]).toArray(String[]::new);
    steps.add(
        new StabMap.Step(
            topology.names()[path[0]],
            topology.names()[from],
            topology.names()[path[s + 1]],
            used.length,
            penalty));
    return new FeatureMap(features, w, intercept);
  }

  /** At most {@code maxFeatures} columns, ascending. */
  private int[] ranked(int part, int[] columns) {
    if (columns.length <= params.maxFeatures()) {
      return columns;
    }
    StandardisedFeatures of = values.get(part);
    double[] above = ExcessVariance.of(of, columns);
    Integer[] order = new Integer[columns.length];
    Arrays.setAll(order, c -> c);
    Arrays.sort(order, Comparator.comparingDouble((Integer c) -> -above[c]));
    return Arrays.stream(order)
        .limit(params.maxFeatures())
        .mapToInt(c -> columns[c])
        .sorted()
        .toArray();
  }
}
