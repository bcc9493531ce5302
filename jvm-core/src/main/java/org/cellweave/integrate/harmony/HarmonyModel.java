package org.cellweave.integrate.harmony;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.cellweave.design.Categories;
import org.cellweave.integrate.Integrated;
import org.cellweave.integrate.IntegrationInput;
import org.cellweave.integrate.ReferenceMapping;
import org.cellweave.internal.NativeMemory;
import org.cellweave.matrix.DType;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.random.RRandom;
import org.cellweave.util.Check;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * Harmony step by step: {@link #cluster()}, {@link #correct()}, and everything they leave behind.
 *
 * <p>Made by {@link Harmony#model}; it has its first clusters and no correction yet. Tables are new
 * with every call: clusters are rows of O, E, Y and lambda, cells are rows of R and of the three
 * embeddings. The model holds memory outside the heap; close it or leave it to the collector.
 */
public final class HarmonyModel implements ReferenceMapping, AutoCloseable {
  /** Rounds that a sum of the stopping rule spans. */
  private static final int WINDOW = 3;

  private static final double SCALE = 2000;
  private static final double SMALL_BLOCK_SIZE = 0.2;
  private static final int FEW_CELLS = 40;

  private final DenseMatrix points;
  private final Design design;
  private final Harmony.Params params;
  private final int nClusters;
  private final int dims;
  private final Layout layout;
  private final Scratch.Pool pool;
  private final FloatPointer cos;
  private final Assignment assignment;
  private final Ridge ridge;
  private final ClusterSums clusterSums;
  private final double[] centroids;
  private final List<String> warnings;
  private final List<Harmony.Objective> rounds = new ArrayList<>();
  private final List<Double> objective = new ArrayList<>();
  private final List<Integer> roundsDone = new ArrayList<>();
  private DenseMatrix corrected;
  private int maxRounds;
  private int corrections;
  private boolean converged;
  private boolean stale;
  private boolean closed;

  HarmonyModel(DenseMatrix points, Design design, Harmony.Params params) {
    this.points = points;
    this.design = design;
    this.params = params;
    this.nClusters = design.nClusters;
    this.dims = Check.positive(points.nCols(), "the number of components");
    this.maxRounds = params.maxIterClustering();
    this.warnings = new ArrayList<>(design.warnings);
    Directions.checkFinite(points, "pcs");
    double blockSize = blockSize();
    this.layout =
        params.followsR()
            ? Layout.natural(design.joint)
            : Layout.shuffled(design.joint, design.levelsOfJoint.length, blockSize, params.seed());
    this.pool = new Scratch.Pool(nClusters, dims);
    this.cos = NativeMemory.floats((long) layout.nCells * dims);
    int without = Directions.fill(points, layout, cos);
    if (without > 0) {
      warnings.add(without + " cells have only zeros and stay where they are or are pulled along");
    }
    this.ridge = new Ridge(layout, design, pool, points, params);
    if (params.followsR()) {
      var random = new RRandom((int) params.seed());
      var start = new RStart(cos, layout.nCells, dims, nClusters);
      this.centroids = start.run(random, params.rng() == Harmony.Rng.R_COMPAT_2_0_0);
      this.assignment = new RoundwiseBlocks(layout, design, dims, params, blockSize, random);
    } else {
      this.centroids =
          new SampleStart(cos, layout.nCells, dims, nClusters, pool, params.seed()).run();
      this.assignment = new FixedBlocks(layout, design, pool, dims, params);
    }
    this.clusterSums = new ClusterSums(layout, pool, nClusters, dims);
    assignment.measure(cos, centroids);
    assignment.reset();
    ridge.lambdas(assignment.counts());
    record(params.objectiveParts());
    objective.add(rounds.get(0).total());
  }

  private double blockSize() {
    if (layoutIsSmall() && params.blockSize() < SMALL_BLOCK_SIZE) {
      warnings.add(
          "blockSize is "
              + SMALL_BLOCK_SIZE
              + " because there are fewer than "
              + FEW_CELLS
              + " cells");
      return SMALL_BLOCK_SIZE;
    }
    return params.blockSize();
  }

  private boolean layoutIsSmall() {
    return design.nCells < FEW_CELLS;
  }

  /** Reassigns all cells until the objective settles; returns the number of rounds. */
  public int cluster() {
    checkOpen();
    boolean second = params.flavor() == Harmony.Flavor.HARMONY2;
    if (second && stale) {
      assignment.measure(cos, centroids);
      assignment.reset();
    }
    stale = false;
    int done = 0;
    while (done < maxRounds) {
      Parallel.checkInterrupted();
      if (!second) {
        System.arraycopy(clusterSums.of(assignment, cos), 0, centroids, 0, centroids.length);
        Directions.normalise(centroids, dims);
        assignment.measure(cos, centroids);
      }
      assignment.round();
      record(params.objectiveParts());
      done++;
      if (done > WINDOW + 1 && clusteringSettled()) {
        break;
      }
    }
    ridge.lambdas(assignment.counts());
    roundsDone.add(done);
    objective.add(rounds.get(rounds.size() - 1).total());
    return done;
  }

  private void record(boolean parts) {
    double scale = SCALE / design.nCells;
    double fit = assignment.fit();
    double diversity = assignment.counts().diversity(params.flavor(), params.sigma());
    double distance = parts ? clusterSums.distance(assignment, cos, centroids) : Double.NaN;
    rounds.add(
        new Harmony.Objective(
            scale * (fit + diversity),
            scale * distance,
            scale * (fit - distance),
            scale * diversity));
  }

  private boolean clusteringSettled() {
    int last = rounds.size() - 1;
    if (last < WINDOW) {
      return false;
    }
    double before = 0;
    double now = 0;
    for (int i = 0; i < WINDOW; i++) {
      before += rounds.get(last - 1 - i).total();
      now += rounds.get(last - i).total();
    }
    return Math.abs(before - now) / Math.abs(before) < params.tolClustering();
  }

  /** Regresses the points on their levels in every cluster and takes the levels' part off. */
  public void correct() {
    checkOpen();
    ridge.fit(assignment);
    if (corrected == null) {
      corrected = DenseMatrix.zeros(points.nRows(), dims, DType.FLOAT32);
    }
    ridge.apply(assignment, corrected, cos);
    if (params.flavor() == Harmony.Flavor.HARMONY2) {
      for (int k = 0; k < nClusters; k++) {
        if (ridge.active[k]) {
          System.arraycopy(ridge.weights[k], 0, centroids, k * dims, dims);
          Directions.normaliseRow(centroids, k * dims, dims);
        }
      }
    }
    corrections++;
    stale = true;
  }

  public boolean harmonize(int iterations) {
    return harmonize(iterations, Progress.NONE);
  }

  /**
   * Clusters and corrects up to {@code iterations} times.
   *
   * @return whether the objective settled
   */
  public boolean harmonize(int iterations, Progress progress) {
    Check.nonNegative(iterations, "iterations");
    converged = false;
    for (int i = 0; i < iterations && !converged; i++) {
      Parallel.checkInterrupted();
      cluster();
      correct();
      converged = corrections >= params.minIterHarmony() && settled();
      progress.step("harmony", i + 1, iterations, objective.get(objective.size() - 1));
    }
    return converged;
  }

  private boolean settled() {
    int n = objective.size();
    double before = objective.get(n - 2);
    double decrease = (before - objective.get(n - 1)) / Math.abs(before);
    return decrease < params.tolHarmony()
        && params.tolHarmony() > 0
        && (decrease >= 0 || params.followsR());
  }

  /**
   * Places new cells among the corrected ones, which stay where they are.
   *
   * @param newCells in the dimensions of the reference
   * @param batches the labels of the new cells, one column for each covariate in use; levels are
   *     matched by name, and what one that the reference does not have adds is estimated from the
   *     new cells
   */
  public DenseMatrix applyTo(DenseMatrix newCells, List<Categories> batches) {
    checkOpen();
    return new SymphonyMapping(design, ridge, assignment.counts(), centroids, params)
        .run(newCells, batches);
  }

  @Override
  public Integrated.Embedding map(IntegrationInput query, Progress progress) {
    return new Integrated.Embedding(applyTo(query.values("harmony").toDense(), query.batches()));
  }

  Harmony.Result result(boolean withAssignment) {
    var weights = new ArrayList<DenseMatrix>();
    for (int k = 0; k < nClusters; k++) {
      weights.add(getW(k));
    }
    var all = new ArrayList<>(warnings);
    if (assignment.lost() > 0) {
      all.add(
          assignment.lost()
              + " cells belong to no cluster, because theta is so large or sigma so small that"
              + " every share is zero; they are not corrected");
    }
    return new Harmony.Result(
        corrected == null ? getZOrig() : corrected,
        nClusters,
        corrections,
        converged,
        getObjective(),
        List.copyOf(rounds),
        getRoundsPerIteration(),
        List.copyOf(weights),
        withAssignment ? getR() : null,
        List.copyOf(all));
  }

  public int getNCells() {
    return layout.nCells;
  }

  public int getNClusters() {
    return nClusters;
  }

  public int getNDims() {
    return dims;
  }

  /** Names of the levels of all covariates, in the order of the columns of O. */
  public List<String> getLevels() {
    var names = new ArrayList<String>();
    for (var c : design.covariates) {
      names.addAll(List.of(c.levels()));
    }
    return names;
  }

  /** Rounds of clustering at most. */
  public int getMaxIterClustering() {
    return maxRounds;
  }

  public void setMaxIterClustering(int rounds) {
    maxRounds = Check.positive(rounds, "maxIterClustering");
  }

  /** Cells of every level (column) in every cluster (row). */
  public DenseMatrix getO() {
    return table(assignment.counts()::observed);
  }

  /** What O would be if every cluster were mixed as the data are. */
  public DenseMatrix getE() {
    return table(assignment.counts()::expected);
  }

  /** The factor by which a cell's share of a cluster is lowered: one column per level. */
  public DenseMatrix getPenalty() {
    var counts = assignment.counts();
    return table(
        (b, k) ->
            Math.pow(
                1 / Penalties.excess(params.flavor(), counts.observed(b, k), counts.expected(b, k)),
                design.theta[b]));
  }

  private interface Entry {
    double at(int level, int cluster);
  }

  private DenseMatrix table(Entry entry) {
    checkOpen();
    var out = DenseMatrix.zeros(nClusters, design.nLevels, DType.FLOAT64);
    for (int k = 0; k < nClusters; k++) {
      for (int b = 0; b < design.nLevels; b++) {
        out.set(k, b, entry.at(b, k));
      }
    }
    return out;
  }

  /** Cells by clusters; rows sum to one. */
  public DenseMatrix getR() {
    checkOpen();
    return clusterSums.shares(assignment);
  }

  /** Cells of every given label (column) in every cluster (row), as O counts the levels. */
  public DenseMatrix countsBy(int[] codes, int nLabels) {
    Check.sameLength(codes.length, layout.nCells, "codes", "the number of cells");
    var shares = getR();
    double[][] sums = new double[nClusters][nLabels];
    double[] row = new double[nClusters];
    for (int i = 0; i < codes.length; i++) {
      shares.readRow(i, row);
      for (int k = 0; k < nClusters; k++) {
        sums[k][codes[i]] += row[k];
      }
    }
    return DenseMatrix.ofRows(sums);
  }

  /** Directions of the clusters, one row each. */
  public DenseMatrix getY() {
    return DenseMatrix.wrap(centroids.clone(), nClusters, dims);
  }

  /** The embedding as it was given. */
  public DenseMatrix getZOrig() {
    return points.copy();
  }

  /** The corrected embedding; equal to {@link #getZOrig()} before the first correction. */
  public DenseMatrix getZCorr() {
    return (corrected == null ? points : corrected).copy();
  }

  /** {@link #getZCorr()} at unit length, on which cells are clustered. */
  public DenseMatrix getZCos() {
    checkOpen();
    var out = DenseMatrix.zeros(layout.nCells, dims, DType.FLOAT32);
    float[] row = new float[dims];
    double[] wide = new double[dims];
    for (int p = 0; p < layout.nCells; p++) {
      cos.getPointer((long) p * dims).get(row, 0, dims);
      for (int c = 0; c < dims; c++) {
        wide[c] = row[c];
      }
      out.setRow(layout.cell(p), wide);
    }
    return out;
  }

  /** The last regression of a cluster: intercept, then one row per level. */
  public DenseMatrix getW(int cluster) {
    Check.index(cluster, nClusters, "cluster");
    return DenseMatrix.wrap(ridge.weights[cluster].clone(), design.nLevels + 1, dims);
  }

  /** Ridge penalties by cluster: 0 for the intercept, then one per level. */
  public DenseMatrix getLambda() {
    var out = DenseMatrix.zeros(nClusters, design.nLevels + 1, DType.FLOAT64);
    for (int k = 0; k < nClusters; k++) {
      for (int b = 0; b < design.nLevels; b++) {
        out.set(k, b + 1, ridge.lambda[k][b]);
      }
    }
    return out;
  }

  /** Strength of the penalty by level, after the discount for few cells. */
  public double[] getTheta() {
    return design.theta.clone();
  }

  /** After the start and after every clustering. */
  public double[] getObjective() {
    return objective.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** After the start and after every round. */
  public List<Harmony.Objective> getRounds() {
    return List.copyOf(rounds);
  }

  public int[] getRoundsPerIteration() {
    return roundsDone.stream().mapToInt(Integer::intValue).toArray();
  }

  public List<String> getWarnings() {
    return List.copyOf(warnings);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this model is closed; make a new one");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      assignment.close();
      cos.close();
      pool.close();
    }
  }
}
