/** Draws one file with Cellweave, for tools/check/figures/run: FILE OUT STYLE [VERB ...]. */
import org.cellweave.data.AnnData
import org.cellweave.dsl.*
import java.nio.file.Files
import java.nio.file.Path

val (file, out, style) = args.toList()
if (style == "scanpy") sc.settings.setFigureParams(dpi = 80, facecolor = "white")
Files.createDirectories(Path.of(out))
val whole = sc.readH5ad(file)
val isKang = "MS4A1" in whole.varNames
val genes: Map<String, List<String>> =
    if (isKang) {
        linkedMapOf(
            "B" to listOf("MS4A1", "CD79A"), "T" to listOf("CD3D", "CD8A"), "Mono" to listOf("CD14", "LYZ"),
            "IFN" to listOf("ISG15", "IFI6"),
        )
    } else {
        linkedMapOf(
            "B" to listOf("Gene1", "Gene2", "Gene3"), "T" to listOf("Gene4", "Gene5"), "Stromal" to listOf("Gene6"),
            "other" to listOf("Gene7", "Gene8", "Gene9"),
        )
    }
val flat = genes.values.flatten()
val a = flat.first()
val b = flat[flat.size - 2]
val groups = (whole.obs["leiden"] as org.cellweave.data.CategoricalColumn).categoryNames()
val qc = listOf("n_genes_by_counts", "total_counts", "pct_counts_in_top_50_genes")

val verbs: Map<String, (AnnData) -> Figure> = linkedMapOf(
    "umap" to { x -> sc.pl.umap(x, color = "leiden") },
    "umap_gene" to { x -> sc.pl.umap(x, color = a) },
    "umap_plain" to { x -> sc.pl.umap(x) },
    "umap_grid" to { x -> sc.pl.umap(x, color = listOf("batch", "leiden", b, "total_counts"), ncols = 2) },
    "umap_row" to { x -> sc.pl.umap(x, color = listOf("batch", a, b), frameon = false) },
    "umap_on_data" to { x ->
        sc.pl.umap(
            x, color = "leiden", legendLoc = "on data", legendFontsize = "small", legendFontoutline = 2,
            title = "clusters",
        )
    },
    "umap_groups" to { x -> sc.pl.umap(x, color = "leiden", groups = groups.take(3)) },
    "umap_gaps" to { x -> sc.pl.umap(x, color = listOf("gaps", "numbers_with_gaps")) },
    "umap_vcenter" to { x -> sc.pl.umap(x, color = "signed", vcenter = 0, cmap = "RdBu_r") },
    "umap_outline" to { x ->
        sc.pl.umap(
            x, color = "leiden", addOutline = true, legendLoc = "on data", legendFontsize = 12, legendFontoutline = 2,
            frameon = false, palette = "Set1",
        )
    },
    "umap_edges" to { x -> sc.pl.umap(x, color = "leiden", edges = true) },
    "pca" to { x -> sc.pl.pca(x, color = "batch", annotateVarExplained = true) },
    "tsne" to { x -> sc.pl.tsne(x, color = "batch") },
    "diffmap" to { x -> sc.pl.diffmap(x, color = "leiden", components = listOf("1,2", "2,3")) },
    "draw_graph" to { x -> sc.pl.drawGraph(x, color = "leiden") },
    "umap_3d" to { x -> sc.pl.pca(x, color = "leiden", projection = "3d") },
    "embedding_density" to { x -> sc.pl.embeddingDensity(x, basis = "umap", key = "umap_density_batch") },
    "scatter" to { x ->
        sc.pl.scatter(x, x = "total_counts", y = "n_genes_by_counts", color = "pct_counts_in_top_50_genes")
    },
    "scatter_groups" to { x -> sc.pl.scatter(x, x = "total_counts", y = "n_genes_by_counts", color = "leiden") },
    "violin" to { x -> sc.pl.violin(x, qc.take(2), groupby = "batch") },
    "violin_multi" to { x -> sc.pl.violin(x, qc, jitter = 0.4, multiPanel = true) },
    "violin_genes" to { x -> sc.pl.violin(x, listOf(a, b), groupby = "leiden", rotation = 90) },
    "stacked_violin" to { x -> sc.pl.stackedViolin(x, genes, groupby = "leiden", dendrogram = true) },
    "stacked_violin_swapped" to { x -> sc.pl.stackedViolin(x, genes, groupby = "leiden", swapAxes = true) },
    "dotplot" to { x -> sc.pl.dotplot(x, genes, groupby = "leiden", dendrogram = true) },
    "dotplot_plain" to { x -> sc.pl.dotplot(x, flat, groupby = "leiden", standardScale = "var") },
    "dotplot_swapped" to { x -> sc.pl.dotplot(x, genes, groupby = "leiden", swapAxes = true) },
    "matrixplot" to { x ->
        sc.pl.matrixplot(
            x, genes, groupby = "leiden", dendrogram = true, cmap = "Blues", standardScale = "var",
            colorbarTitle = "column scaled\nexpression",
        )
    },
    "matrixplot_swapped" to { x -> sc.pl.matrixplot(x, genes, groupby = "leiden", swapAxes = true) },
    "heatmap" to { x -> sc.pl.heatmap(x, genes, groupby = "leiden", showGeneLabels = true, dendrogram = true) },
    "heatmap_swapped" to { x -> sc.pl.heatmap(x, genes, groupby = "leiden", swapAxes = true) },
    "tracksplot" to { x -> sc.pl.tracksplot(x, genes, groupby = "leiden", dendrogram = true) },
    "clustermap" to { x -> sc.pl.clustermap(x[0 until 300, flat].copy(), obsKeys = "leiden") },
    "dendrogram" to { x -> sc.pl.dendrogram(x, "leiden") },
    "correlation_matrix" to { x -> sc.pl.correlationMatrix(x, "leiden") },
    "rank_genes_groups" to { x -> sc.pl.rankGenesGroups(x, nGenes = 20, sharey = false) },
    "rank_genes_groups_violin" to { x -> sc.pl.rankGenesGroupsViolin(x, groups = groups[0], nGenes = 8) },
    "rank_genes_groups_dotplot" to { x -> sc.pl.rankGenesGroupsDotplot(x, nGenes = 4) },
    "rank_genes_groups_dotplot_lfc" to { x ->
        sc.pl.rankGenesGroupsDotplot(
            x, nGenes = 3, valuesToPlot = "logfoldchanges", vmin = -4, vmax = 4, cmap = "bwr",
        )
    },
    "rank_genes_groups_matrixplot" to { x -> sc.pl.rankGenesGroupsMatrixplot(x, nGenes = 3) },
    "rank_genes_groups_stacked_violin" to { x -> sc.pl.rankGenesGroupsStackedViolin(x, nGenes = 3) },
    "rank_genes_groups_heatmap" to { x -> sc.pl.rankGenesGroupsHeatmap(x, nGenes = 5) },
    "rank_genes_groups_tracksplot" to { x -> sc.pl.rankGenesGroupsTracksplot(x, nGenes = 3) },
    "pca_variance_ratio" to { x -> sc.pl.pcaVarianceRatio(x, nPcs = 50, log = true) },
    "pca_loadings" to { x -> sc.pl.pcaLoadings(x, components = "1,2,3") },
    "highly_variable_genes" to { x -> sc.pl.highlyVariableGenes(x) },
    "highest_expr_genes" to { x -> sc.pl.highestExprGenes(x, nTop = 20) },
    "scrublet_score_distribution" to { x -> sc.pl.scrubletScoreDistribution(x) },
    "paga" to { x -> sc.pl.paga(x, color = "leiden") },
    "paga_gene" to { x -> sc.pl.paga(x, color = listOf("leiden", a)) },
    "paga_compare" to { x -> sc.pl.pagaCompare(x, basis = "umap") },
    "paga_path" to { x ->
        sc.pl.paga(x)
        sc.pl.pagaPath(x, groups.take(3), flat.take(4), nAvg = 20)
    },
    "dpt_groups_pseudotime" to { x -> sc.pl.dptGroupsPseudotime(x) },
    "dpt_timeseries" to { x -> sc.pl.dptTimeseries(x[all, flat].copy()) },
)
val failed = ArrayList<String>()
for (name in args.drop(3).ifEmpty { verbs.keys.toList() }) {
    try {
        val figure = verbs.getValue(name)(whole.copy())
        Files.writeString(Path.of(out, "$name.svg"), figure.toSvg())
        figure.save("$out/$name.png")
    } catch (e: Exception) {
        failed += "cellweave: $name: $e"
    }
}
check(failed.isEmpty()) { failed.joinToString("\n") }
