package org.cellweave.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.cellweave.design.Categories;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/**
 * The measures by which scIB judges an integrated embedding, and their aggregate.
 *
 * <p>As scib-metrics' {@code Benchmarker}: one neighbour search of 90 (exact up to the size that
 * {@link NearestNeighbors} searches exactly), its first 50 for kBET, its first 15 for graph
 * connectivity and Leiden; total = 0.4 batch correction + 0.6 bio conservation; no scaling over
 * methods. A measure without a value (NaN) is left out of the means.
 *
 * @see <a href="https://doi.org/10.1038/s41592-021-01336-8">Luecken et al. 2022</a>
 */
public final class IntegrationBenchmark {
  private static final int CONNECTIVITY = 15;
  private static final int KBET = 50;
  private static final double BATCH_WEIGHT = 0.4;

  private IntegrationBenchmark() {}

  /** What a measure judges. */
  public enum Aspect {
    BIO_CONSERVATION("Bio conservation"),
    BATCH_CORRECTION("Batch correction");

    private final String title;

    Aspect(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /** One measure, from 0 to 1, 1 is best. */
  public enum Measure {
    ISOLATED_LABELS("Isolated labels", Aspect.BIO_CONSERVATION),
    ISOLATED_LABEL_F1("Isolated label F1", Aspect.BIO_CONSERVATION),
    LEIDEN_NMI("Leiden NMI", Aspect.BIO_CONSERVATION),
    LEIDEN_ARI("Leiden ARI", Aspect.BIO_CONSERVATION),
    KMEANS_NMI("KMeans NMI", Aspect.BIO_CONSERVATION),
    KMEANS_ARI("KMeans ARI", Aspect.BIO_CONSERVATION),
    SILHOUETTE_LABEL("Silhouette label", Aspect.BIO_CONSERVATION),
    CLISI("cLISI", Aspect.BIO_CONSERVATION),
    BRAS("BRAS", Aspect.BATCH_CORRECTION),
    SILHOUETTE_BATCH("Silhouette batch", Aspect.BATCH_CORRECTION),
    ILISI("iLISI", Aspect.BATCH_CORRECTION),
    KBET("KBET", Aspect.BATCH_CORRECTION),
    GRAPH_CONNECTIVITY("Graph connectivity", Aspect.BATCH_CORRECTION),
    PCR_COMPARISON("PCR comparison", Aspect.BATCH_CORRECTION);

    private final String title;
    private final Aspect aspect;

    Measure(String title, Aspect aspect) {
      this.title = title;
      this.aspect = aspect;
    }

    public String title() {
      return title;
    }

    public Aspect aspect() {
      return aspect;
    }
  }

  /**
   * @param measures what to compute
   * @param seed of k-means, Leiden, the diffusion maps and an approximate neighbour search
   */
  public record Params(Set<Measure> measures, long seed) {
    public static final Params DEFAULTS = builder().build();

    public Params {
      if (measures.isEmpty()) {
        throw new IllegalArgumentException("measures must not be empty");
      }
      measures = Collections.unmodifiableSet(EnumSet.copyOf(measures));
    }

    public static Builder builder() {
      return new Builder();
    }

    /** The one place where the default values are written. */
    public static final class Builder {
      private Set<Measure> measures =
          EnumSet.complementOf(
              EnumSet.of(
                  Measure.ISOLATED_LABEL_F1,
                  Measure.LEIDEN_NMI,
                  Measure.LEIDEN_ARI,
                  Measure.SILHOUETTE_BATCH));
      private long seed = 0;

      private Builder() {}

      public Builder measures(Set<Measure> value) {
        measures = value;
        return this;
      }

      public Builder seed(long value) {
        seed = value;
        return this;
      }

      public Params build() {
        return new Params(measures, seed);
      }
    }
  }

  /** The value of every measure computed. */
  public record Result(Map<Measure, Double> values) {
    /** Mean of the measures of one aspect; NaN without any. */
    public double mean(Aspect aspect) {
      return values.entrySet().stream()
          .filter(e -> e.getKey().aspect() == aspect && !Double.isNaN(e.getValue()))
          .mapToDouble(Map.Entry::getValue)
          .average()
          .orElse(Double.NaN);
    }

    /** 0.4 batch correction + 0.6 bio conservation; NaN when one of them has no value. */
    public double total() {
      return IntegrationBenchmark.total(
          mean(Aspect.BIO_CONSERVATION), mean(Aspect.BATCH_CORRECTION));
    }
  }

  /** The aggregate of the means of both aspects. */
  public static double total(double bioConservation, double batchCorrection) {
    return BATCH_WEIGHT * batchCorrection + (1 - BATCH_WEIGHT) * bioConservation;
  }

  /**
   * Judges one embedding.
   *
   * @param x the integrated embedding, cells in rows
   * @param before the embedding before the integration, of the same cells; null where there is
   *     none, which leaves the comparison of explained variance without a value
   * @param labels cell type of every cell
   * @param batches batch of every cell
   */
  public static Result run(
      DenseMatrix x,
      DenseMatrix before,
      Categories labels,
      Categories batches,
      Params params,
      Progress progress) {
    int n = x.nRows();
    labels.forCells(n).complete().atLeastTwo("cell types cannot be told apart.");
    batches.forCells(n).complete().atLeastTwo("there is nothing to mix.");
    var measuring = new Measuring(x, before, labels.codes(), batches.codes(), params, progress);
    var values = new EnumMap<Measure, Double>(Measure.class);
    for (Measure measure : Measure.values()) {
      if (params.measures().contains(measure)) {
        Parallel.checkInterrupted();
        values.put(measure, measuring.value(measure));
      }
    }
    return new Result(Collections.unmodifiableMap(values));
  }

  /** The length of the lists of neighbours for {@code nCells} cells, the cell itself included. */
  public static int nNeighbors(int nCells) {
    return NearestNeighbors.fitting(Lisi.Params.DEFAULTS.nNeighbors(), nCells);
  }

  /** What several measures share, made when first asked for. */
  private static final class Measuring {
    private final DenseMatrix x;
    private final DenseMatrix before;
    private final int[] labels;
    private final int[] batches;
    private final long seed;
    private final Progress progress;
    private NearestNeighbors.Result lists;
    private Silhouette.Result silhouette;
    private ClusterAgreement.Result kMeans;
    private ClusterAgreement.Result leiden;

    Measuring(
        DenseMatrix x,
        DenseMatrix before,
        int[] labels,
        int[] batches,
        Params params,
        Progress progress) {
      this.x = x;
      this.before = before;
      this.labels = labels;
      this.batches = batches;
      this.seed = params.seed();
      this.progress = progress;
    }

    double value(Measure measure) {
      return switch (measure) {
        case ISOLATED_LABELS ->
            IntegrationSilhouette.isolatedLabels(silhouette().values(), labels, batches, 0);
        case ISOLATED_LABEL_F1 ->
            ClusterAgreement.isolatedLabelF1(
                graph(CONNECTIVITY), labels, batches, 0, seed, progress);
        case LEIDEN_NMI -> leiden().nmi();
        case LEIDEN_ARI -> leiden().ari();
        case KMEANS_NMI -> kMeans().nmi();
        case KMEANS_ARI -> kMeans().ari();
        case SILHOUETTE_LABEL -> IntegrationSilhouette.label(silhouette());
        case CLISI -> lisi(labels).conservation();
        case BRAS ->
            IntegrationSilhouette.batch(x, labels, batches, Silhouette.Params.BRAS, progress);
        case SILHOUETTE_BATCH ->
            IntegrationSilhouette.batch(x, labels, batches, Silhouette.Params.DEFAULTS, progress);
        case ILISI -> lisi(batches).integration();
        case KBET ->
            Kbet.run(
                    graph(KBET),
                    labels,
                    batches,
                    Kbet.Params.builder().seed(seed).build(),
                    progress)
                .mean();
        case GRAPH_CONNECTIVITY ->
            GraphConnectivity.run(first(CONNECTIVITY).distanceMatrix(), labels).mean();
        case PCR_COMPARISON ->
            before == null
                ? Double.NaN
                : VarianceExplained.comparison(
                    VarianceExplained.byGroups(before, batches),
                    VarianceExplained.byGroups(x, batches));
      };
    }

    private NearestNeighbors.Result lists() {
      if (lists == null) {
        int k = nNeighbors(x.nRows());
        lists =
            NearestNeighbors.run(
                x, NearestNeighbors.Params.builder().nNeighbors(k).seed(seed).build(), progress);
      }
      return lists;
    }

    private org.cellweave.matrix.CsrMatrix graph(int nNeighbors) {
      return FuzzyGraph.run(first(nNeighbors));
    }

    private NearestNeighbors.Result first(int nNeighbors) {
      return lists().prefix(Math.min(nNeighbors, lists().nNeighbors()));
    }

    private Lisi.Result lisi(int[] codes) {
      // a third of the neighbours, as scib-metrics has it, which is the default for lists of full
      // length
      int third = lists().nNeighbors() / 3;
      double perplexity = Math.min(Lisi.Params.DEFAULTS.perplexity(), third);
      return Lisi.run(lists(), codes, Lisi.Params.builder().perplexity(perplexity).build());
    }

    private Silhouette.Result silhouette() {
      if (silhouette == null) {
        silhouette = Silhouette.run(x, labels, Silhouette.Params.DEFAULTS, progress);
      }
      return silhouette;
    }

    private ClusterAgreement.Result kMeans() {
      if (kMeans == null) {
        kMeans = ClusterAgreement.kMeans(x, labels, seed);
      }
      return kMeans;
    }

    private ClusterAgreement.Result leiden() {
      if (leiden == null) {
        leiden = ClusterAgreement.leiden(graph(CONNECTIVITY), labels, seed, progress);
      }
      return leiden;
    }
  }
}
