import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cellweave.cluster.Leiden;
import org.cellweave.data.AnnData;
import org.cellweave.data.AxisIndex;
import org.cellweave.data.BooleanColumn;
import org.cellweave.data.CategoricalColumn;
import org.cellweave.data.Column;
import org.cellweave.data.DataFrame;
import org.cellweave.data.NdArray;
import org.cellweave.data.NumericColumn;
import org.cellweave.data.RecordArray;
import org.cellweave.data.StringColumn;
import org.cellweave.design.Categories;
import org.cellweave.diffexp.RankGenesGroups;
import org.cellweave.embed.umap.Umap;
import org.cellweave.integrate.harmony.Harmony;
import org.cellweave.io.H5adWriter;
import org.cellweave.io.Reading;
import org.cellweave.matrix.CsrMatrix;
import org.cellweave.neighbors.FuzzyGraph;
import org.cellweave.neighbors.NearestNeighbors;
import org.cellweave.preprocess.Counts;
import org.cellweave.preprocess.HighlyVariableGenes;
import org.cellweave.preprocess.Log1p;
import org.cellweave.preprocess.NormalizeTotal;
import org.cellweave.preprocess.Pca;
import org.cellweave.preprocess.QcMetrics;
import org.cellweave.simulate.BatchSimulator;

/**
 * From counts to clusters and their genes in plain Java: every method takes matrices and codes and
 * returns a record; only this class knows where AnnData keeps what.
 *
 * <pre>java MainLine.java OUT.h5ad [COUNTS [BATCH_COLUMN]]</pre>
 */
public final class MainLine {
  private MainLine() {}

  public static void main(String[] args) {
    AnnData adata = args.length > 1 ? Reading.read(Path.of(args[1])) : simulated();
    String batch = args.length > 2 ? args[2] : "batch";
    filter(adata);
    normalize(adata);
    selectGenes(adata, batch);
    reduce(adata, batch);
    connect(adata);
    cluster(adata);
    rankGenes(adata);
    H5adWriter.write(adata, Path.of(args[0]));
    System.out.println(adata);
  }

  private static AnnData simulated() {
    var params = BatchSimulator.Params.builder().nCells(800).nGenes(1000).nTypes(4).build();
    var result = BatchSimulator.run(params);
    var obs = DataFrame.ofNames(numbered("cell_", params.nCells()));
    var names = StringColumn.of(numbered("batch_", params.nBatches()));
    obs.set("batch", new CategoricalColumn(result.batch(), names, false));
    return new AnnData(result.counts(), obs, DataFrame.ofNames(numbered("gene_", params.nGenes())));
  }

  private static String[] numbered(String prefix, int n) {
    return IntStream.range(0, n).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  /** Writes QC metrics, then keeps cells with 100 genes and genes with 3 cells. */
  private static void filter(AnnData adata) {
    var top = QcMetrics.Params.builder().percentTop(List.of(50)).build();
    var qc = QcMetrics.run(adata.getX(), Map.of(), top);
    adata.getObs().set("n_genes_by_counts", NumericColumn.of(qc.nGenes()));
    adata.getObs().set("total_counts", NumericColumn.of(qc.totalCounts()));
    adata.getObs().set("pct_counts_in_top_50_genes", NumericColumn.of(qc.pctInTop()[0]));

    var cells = Counts.filterCells(adata.getX(), new Counts.Criterion(null, 100, null, null));
    adata.subset(AxisIndex.mask(cells.keep()), AxisIndex.ALL);
    var genes = Counts.filterGenes(adata.getX(), new Counts.Criterion(null, 3, null, null));
    adata.subset(AxisIndex.ALL, AxisIndex.mask(genes.keep()));
  }

  /** Keeps the counts in a layer; these two methods change X in place. */
  private static void normalize(AnnData adata) {
    adata.getLayers().set("counts", adata.getX().copy());
    NormalizeTotal.run(adata.getX(), NormalizeTotal.Params.builder().targetSum(1e4).build());
    Log1p.run(adata.getX(), Log1p.Params.DEFAULTS);
    // Readers of the file must know that X holds natural logarithms.
    Map<String, Object> log1p = new LinkedHashMap<>();
    log1p.put("base", null);
    adata.getUns().put("log1p", log1p);
  }

  /** Any column serves as labels; methods refuse numbers that few cells share, and missing labels. */
  private static Categories batches(AnnData adata, String key) {
    Column column = adata.getObs().get(key);
    var labels =
        column instanceof CategoricalColumn c ? c : CategoricalColumn.ofTexts(texts(column));
    return new Categories(key, labels.codes(), labels.categoryNames().toArray(String[]::new));
  }

  private static String[] texts(Column column) {
    return IntStream.range(0, column.size())
        .mapToObj(i -> column.isMissing(i) ? null : column.text(i))
        .toArray(String[]::new);
  }

  private static void selectGenes(AnnData adata, String batch) {
    Categories batches = batches(adata, batch);
    var genes = adata.getVarNames().toArray(String[]::new);
    var params = HighlyVariableGenes.Params.builder().nTopGenes(500).build();
    var result = HighlyVariableGenes.run(adata.getX(), genes, batches, params);
    adata.getVar().set("highly_variable", BooleanColumn.of(result.highlyVariable()));
    adata.getVar().set("means", NumericColumn.of(result.means()));
    adata.getUns().put("hvg", Map.of("flavor", "seurat"));
  }

  /** Principal components of the chosen genes, then without what tells the batches apart. */
  private static void reduce(AnnData adata, String batch) {
    boolean[] chosen = ((BooleanColumn) adata.getVar().get("highly_variable")).values();
    var pca = Pca.run(adata.getX(), chosen, Pca.Params.builder().nComps(30).build());
    adata.getObsm().set("X_pca", pca.scores());
    adata.getVarm().set("PCs", pca.loadings());
    adata
        .getUns()
        .put(
            "pca",
            Map.of(
                "params", Map.of("zero_center", true, "use_highly_variable", true),
                "variance", NdArray.of(pca.variance()),
                "variance_ratio", NdArray.of(pca.varianceRatio())));

    var harmony =
        Harmony.run(pca.scores(), List.of(batches(adata, batch)), Harmony.Params.DEFAULTS);
    adata.getObsm().set("X_pca_harmony", harmony.corrected());
  }

  /** Nearest neighbours, the weighted graph of them, and a map. */
  private static void connect(AnnData adata) {
    var params = NearestNeighbors.Params.builder().nNeighbors(15).build();
    var points = adata.getObsm().matrix("X_pca_harmony", "");
    var lists = NearestNeighbors.run(points, params);
    CsrMatrix graph = FuzzyGraph.run(lists);
    adata.getObsp().set("distances", lists.distanceMatrix());
    adata.getObsp().set("connectivities", graph);
    // What reads the graph later finds it by these keys.
    adata
        .getUns()
        .put(
            "neighbors",
            Map.of(
                "connectivities_key", "connectivities",
                "distances_key", "distances",
                "params",
                    Map.of(
                        "n_neighbors", (long) params.nNeighbors(),
                        "method", "umap",
                        "metric", "euclidean",
                        "random_state", params.seed(),
                        "use_rep", "X_pca_harmony")));
    var umap = Umap.run(Umap.Input.of(graph), Umap.Params.DEFAULTS);
    adata.getObsm().set("X_umap", umap.coordinates());
    adata.getUns().put("umap", Map.of("params", Map.of("a", umap.a(), "b", umap.b())));
  }

  private static void cluster(AnnData adata) {
    var params = Leiden.Params.builder().resolution(0.5).build();
    var result = Leiden.run((CsrMatrix) adata.getObsp().get("connectivities"), params);
    adata
        .getObs()
        .set("leiden", CategoricalColumn.ofLabels(result.labels(), result.nCommunities()));
    adata.getUns().put("leiden", Map.of("params", Map.of("resolution", params.resolution())));
  }

  /** Each cluster against all other cells; the table is a record array with a field per cluster. */
  private static void rankGenes(AnnData adata) {
    var clusters = (CategoricalColumn) adata.getObs().get("leiden");
    List<String> names = clusters.categoryNames();
    var params = RankGenesGroups.Params.builder().method(RankGenesGroups.Method.WILCOXON).build();
    var result =
        RankGenesGroups.run(
            adata.getX(),
            clusters.codes(),
            names,
            IntStream.range(0, names.size()).toArray(),
            RankGenesGroups.REST,
            params);
    List<String> genes = adata.getVarNames();
    for (var group : result.groups()) {
      var best = IntStream.of(group.genes()).limit(3).mapToObj(genes::get).toList();
      System.out.println(names.get(group.group()) + ": " + best);
    }

    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("groupby", "leiden");
    settings.put("reference", "rest");
    settings.put("method", "wilcoxon");
    settings.put("use_raw", false);
    settings.put("layer", null);
    settings.put("corr_method", "benjamini-hochberg");
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("params", settings);
    table.put("names", records(result, names, g -> ranked(g.genes(), genes)));
    table.put("scores", records(result, names, g -> floats(g.scores())));
    table.put("pvals", records(result, names, g -> NdArray.of(g.pvals())));
    table.put("pvals_adj", records(result, names, g -> NdArray.of(g.pvalsAdj())));
    table.put("logfoldchanges", records(result, names, g -> floats(g.logFoldChanges())));
    adata.getUns().put("rank_genes_groups", table);
  }

  /** A field for each group. */
  private static RecordArray records(
      RankGenesGroups.Result result,
      List<String> names,
      Function<RankGenesGroups.GroupResult, NdArray> values) {
    var out = new RecordArray(result.groups().get(0).genes().length);
    for (var group : result.groups()) {
      out = out.with(names.get(group.group()), values.apply(group));
    }
    return out;
  }

  private static NdArray ranked(int[] genes, List<String> names) {
    return NdArray.of(IntStream.of(genes).mapToObj(names::get).toArray(String[]::new));
  }

  private static NdArray floats(double[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return NdArray.of(out);
  }
}
