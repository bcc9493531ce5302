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
import org.cellweave.util.Elementary;
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
  private static final double SCALE = 2000;
  private static final double SMALL_BLOCK_SIZE = 0.2;
  private static final int FEW_CELLS = 40;

  private final DenseMatrix points;
  private final HarmonyDesign design;
  private final Harmony.Params params;
  private final FlavorRules rules;
  private final int nClusters;
  private final int dims;
  private final BlockOrder blocks;
  private final TileBuffers.Pool pool;
  private final FloatPointer cos;
  private final SoftClustering clustering;
  private final RidgeCorrection ridge;
  private final ClusterSums clusterSums;
  private final double[] centroids;
  private final List<String> warnings;
  private final ObjectiveTrace trace = new ObjectiveTrace();
  private final List<Integer> roundsDone = new ArrayList<>();
  private DenseMatrix corrected;
  private int maxRounds;
  private int corrections;
  private boolean converged;
  private boolean stale;
  private boolean closed;

  HarmonyModel(DenseMatrix points, HarmonyDesign design, Harmony.Params params) {
    this.points = points;
    this.design = design;
    this.params = params;
    this.rules = FlavorRules.of(params.flavor());
    this.nClusters = design.nClusters;
    this.dims = Check.positive(points.nCols(), "the number of components");
    this.maxRounds = params.maxIterClustering();
    this.warnings = new ArrayList<>(design.warnings);
    UnitRows.checkFinite(points, "pcs");
    double blockSize = blockSize();
    this.blocks =
        params.followsR()
            ? BlockOrder.natural(design.joint)
            : BlockOrder.shuffled(
                design.joint, design.levelsOfJoint.length, blockSize, params.seed());
    this.pool = new TileBuffers.Pool(nClusters, dims);
    this.cos = NativeMemory.floats((long) blocks.nCells * dims);
    int without = UnitRows.fill(points, blocks, cos);
    if (without > 0) {
      warnings.add(without + " cells have only zeros and stay where they are or are pulled along");
    }
    this.ridge = new RidgeCorrection(blocks, design, pool, points, params);
    if (params.followsR()) {
      var random = new RRandom((int) params.seed());
      var start = new RStart(cos, blocks.nCells, dims, nClusters);
      this.centroids = start.run(random, params.rng() == Harmony.Rng.R_COMPAT_2_0_0);
      this.clustering = new RedrawnBlockClustering(blocks, design, dims, params, blockSize, random);
    } else {
      this.centroids =
          new KMeansStart(cos, blocks.nCells, dims, nClusters, pool, params.seed()).run();
      this.clustering = new FixedBlockClustering(blocks, design, pool, dims, params);
    }
    this.clusterSums = new ClusterSums(blocks, pool, nClusters, dims);
    restart();
    ridge.lambdas(clustering.counts());
    record(params.objectiveParts());
    trace.endIteration();
  }

  private double blockSize() {
    if (design.nCells < FEW_CELLS && params.blockSize() < SMALL_BLOCK_SIZE) {
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

  /** Reassigns all cells until the objective settles; returns the number of rounds. */
  public int cluster() {
    checkOpen();
    if (stale) {
      rules.afterACorrection(this);
    }
    stale = false;
    int done = 0;
    while (done < maxRounds) {
      Parallel.checkInterrupted();
      rules.beforeARound(this);
      clustering.round();
      record(params.objectiveParts());
      done++;
      if (trace.roundsSettled(done, params.tolClustering())) {
        break;
      }
    }
    ridge.lambdas(clustering.counts());
    roundsDone.add(done);
    trace.endIteration();
    return done;
  }

  /** Shares by closeness to the present centroids, those of before forgotten. */
  void restart() {
    clustering.measure(cos, centroids);
    clustering.reset();
  }

  /** Centroids become the means of their cells. */
  void recentre() {
    System.arraycopy(clusterSums.of(clustering, cos), 0, centroids, 0, centroids.length);
    UnitRows.normalise(centroids, dims);
    clustering.measure(cos, centroids);
  }

  /** Centroids become the intercepts of the last regression, where there was one. */
  void takeIntercepts() {
    for (int k = 0; k < nClusters; k++) {
      if (ridge.active[k]) {
        System.arraycopy(ridge.weights[k], 0, centroids, k * dims, dims);
        UnitRows.normaliseRow(centroids, k * dims, dims);
      }
    }
  }

  private void record(boolean parts) {
    double scale = SCALE / design.nCells;
    double fit = clustering.fit();
    double diversity = clustering.counts().diversity(rules, params.sigma());
    double distance = parts ? clusterSums.distance(clustering, cos, centroids) : Double.NaN;
    trace.addRound(
        new Harmony.Objective(
            scale * (fit + diversity),
            scale * distance,
            scale * (fit - distance),
            scale * diversity));
  }

  /** Regresses the points on their levels in every cluster and takes the levels' part off. */
  public void correct() {
    checkOpen();
    ridge.fit(clustering);
    if (corrected == null) {
      corrected = DenseMatrix.zeros(points.nRows(), dims, DType.FLOAT32);
    }
    ridge.apply(clustering, corrected, cos);
    rules.corrected(this);
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
      converged =
          corrections >= params.minIterHarmony()
              && trace.iterationsSettled(params.tolHarmony(), params.followsR());
      progress.step("harmony", i + 1, iterations, trace.last());
    }
    return converged;
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
    return new SymphonyMapping(design, ridge, clustering.counts(), centroids, params)
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
    if (clustering.lost() > 0) {
      all.add(
          clustering.lost()
              + " cells belong to no cluster, because theta is so large or sigma so small that"
              + " every share is zero; they are not corrected");
    }
    return new Harmony.Result(
        corrected == null ? getZOrig() : corrected,
        nClusters,
        corrections,
        converged,
        getObjective(),
        getRounds(),
        getRoundsPerIteration(),
        List.copyOf(weights),
        withAssignment ? getR() : null,
        List.copyOf(all));
  }

  /** Width of the soft assignment. */
  double sigma() {
    return params.sigma();
  }

  public int getNCells() {
    return blocks.nCells;
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
    return table(clustering.counts()::observed);
  }

  /** What O would be if every cluster were mixed as the data are. */
  public DenseMatrix getE() {
    return table(clustering.counts()::expected);
  }

  /** The factor by which a cell's share of a cluster is lowered: one column per level. */
  public DenseMatrix getPenalty() {
    var counts = clustering.counts();
    return table(
        (b, k) ->
            Elementary.pow(
                1 / rules.excess(counts.observed(b, k), counts.expected(b, k)), design.theta[b]));
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
    return clusterSums.shares(clustering);
  }

  /** Cells of every given label (column) in every cluster (row), as O counts the levels. */
  public DenseMatrix countsBy(int[] codes, int nLabels) {
    Check.sameLength(codes.length, blocks.nCells, "codes", "the number of cells");
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
    var out = DenseMatrix.zeros(blocks.nCells, dims, DType.FLOAT32);
    float[] row = new float[dims];
    double[] wide = new double[dims];
    for (int p = 0; p < blocks.nCells; p++) {
      cos.getPointer((long) p * dims).get(row, 0, dims);
      for (int c = 0; c < dims; c++) {
        wide[c] = row[c];
      }
      out.setRow(blocks.cell(p), wide);
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
    return trace.iterations();
  }

  /** After the start and after every round. */
  public List<Harmony.Objective> getRounds() {
    return trace.rounds();
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
      clustering.close();
      cos.close();
      pool.close();
    }
  }
}
