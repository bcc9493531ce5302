package org.cellweave.integrate.mosaic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cellweave.design.Categories;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.MosaicPart;
import org.cellweave.integrate.MosaicParts;
import org.cellweave.linalg.SymmetricEigen;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
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

  private final Decompositions<SymmetricEigen> eigens =
      new Decompositions<>(e -> Double.BYTES * (long) e.values().length * e.values().length);
  private final Decompositions<SequentialFit.Basis> bases =
      new Decompositions<>(SequentialFit.Basis::bytes);
  private final Decompositions<Onward> onwards = new Decompositions<>(o -> o.basis.bytes());

  /** Components of a part on the way to another, for least squares. */
  private record Onward(double[] loadings, SequentialFit.Basis basis) {}

  /** Columns of the reference at hand that its dimensions come from. */
  private int[] own = {};

  /** Their names; null where a step may use others, too. */
  private Set<String> allowed;

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
    PartNames.requireConnected(parts, topology);
    int[] references = references();
    PartNames.requireTwoCells(parts);
    for (MosaicPart part : parts) {
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

  private int[] references() {
    List<String> names = List.of(topology.names());
    params.features().keySet().forEach(name -> PartNames.at(name, names, "features"));
    if (params.references().isEmpty()) {
      return IntStream.range(0, names.size()).toArray();
    }
    return params.references().stream()
        .distinct()
        .mapToInt(name -> PartNames.at(name, names, "references"))
        .toArray();
  }

  // one reference -----------------------------------------------------------------------------

  private void reference(int r) {
    int[][] paths = topology.pathsFrom(r, params.paths());
    own = ownFeatures(r);
    allowed = params.restrictFeatures() ? names(r, own) : null;
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

  /** Of those of a reference that were asked for the columns that vary. */
  private int[] ownFeatures(int r) {
    List<String> wanted = params.features().get(topology.names()[r]);
    if (wanted == null) {
      return varying(r);
    }
    boolean[] of = PartNames.columns(parts.get(r), wanted);
    return Arrays.stream(varying(r)).filter(j -> of[j]).toArray();
  }

  private Set<String> names(int part, int[] columns) {
    String[] of = parts.get(part).features();
    return Arrays.stream(columns).mapToObj(j -> of[j]).collect(Collectors.toSet());
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
    int[] of =
        Arrays.stream(own).filter(j -> shared.contains(parts.get(r).features()[j])).toArray();
    return of.length > 0 ? of : own;
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
    if (params.reweight()) {
      BlockWeights.toUnit(block, nCells, 1);
    }
    columns.addAll(List.of(block));
    blocks.add(new StabMap.Block(topology.names()[r], kind, k));
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
        .filter(j -> allowed == null || allowed.contains(names[j]))
        .filter(j -> other.containsKey(names[j]) && values.get(to).varies(other.get(names[j])))
        .toArray();
  }

  private FeatureMap step(int[] path, int s, int from, int[] shared, Target target, boolean last) {
    StandardisedFeatures of = values.get(from);
    if (shared.length == 0) {
      String reference = topology.names()[path[0]];
      throw new IllegalArgumentException(
          "stabmap: all features that "
              + Quoted.of(topology.names()[from])
              + " shares with "
              + Quoted.of(topology.names()[path[s + 1]])
              + (allowed == null
                  ? " are constant in one of them"
                  : " are constant in one of them, or not among those of the reference "
                      + Quoted.of(reference)
                      + "; set restrictFeatures to false to use others, too"));
    }
    boolean ridge = params.solver() == StabMap.Solver.RIDGE;
    int[] used = ridge || last ? ranked(from, shared) : shared;
    double penalty = Double.NaN;
    double[] w;
    double[] intercept;
    if (ridge) {
      SymmetricEigen eigen = eigens.of(from, used, () -> SymmetricEigen.of(of.gram(used)));
      RidgeFit fit = RidgeFit.of(eigen, used, target, of.nCells(), params.penalty());
      penalty = fit.penalty();
      w = fit.w();
      intercept = target.means();
    } else if (last) {
      var basis = bases.of(from, used, () -> SequentialFit.Basis.of(of.dense(used), of.nCells()));
      var fit = SequentialFit.of(basis, target.dense());
      w = fit.w();
      intercept = fit.intercept();
    } else {
      int k = Math.min(params.nCompsSubset(), Math.min(used.length, of.nCells() - 1));
      Onward onward = onwards.of(from, used, () -> onward(of, used, k));
      var fit = SequentialFit.of(onward.basis, target.dense());
      w =
          new FeatureMap(new String[k], fit.w(), fit.intercept())
              .after(new FeatureMap(new String[used.length], onward.loadings, new double[k]))
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

  private static Onward onward(StandardisedFeatures of, int[] used, int k) {
    double[] loadings = of.loadings(used, k);
    DenseMatrix scores = of.times(used, loadings, new double[k]);
    double[][] columns = new double[k][];
    Arrays.setAll(columns, scores::column);
    return new Onward(loadings, SequentialFit.Basis.of(columns, of.nCells()));
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
