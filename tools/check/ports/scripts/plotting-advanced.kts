// scanpy's page on figures that are put together and changed.
val rng = np.random.defaultRng() //= py
val FIGSIZE = 3 to 3 //= py
rcParams["figure.figsize"] = FIGSIZE //= py
val adata = offline("data/pbmc68k_reduced.h5ad") { sc.datasets.pbmc68kReduced() } //= sc

// What comes back from a figure that is not shown.
println("Categorical plots:") //= py
var axes = sc.pl.umap(adata, color = listOf("bulk_labels"), show = false) //= sc
println("Axis from a single category plot: $axes") //= py
plt.close() //= py
axes = sc.pl.umap(adata, color = listOf("bulk_labels", "S_score"), show = false) //= sc
println("Axes list from two categorical plots: $axes") //= py
plt.close() //= py
var fig = sc.pl.umap(adata, color = listOf("bulk_labels"), returnFig = true) //= sc
println("Axes list from a figure with one categorical plot: ${fig.axes}") //= py
plt.close() //= py
println("\nContinous plots:") //= py
axes = sc.pl.umap(adata, color = listOf("IGJ"), show = false) //= sc
println("Axes from one continuous plot: $axes") //= py
plt.close() //= py
fig = sc.pl.umap(adata, color = listOf("IGJ"), returnFig = true) //= sc
println("Axes list from a figure of one continous plot: ${fig.axes}") //= py
plt.close() //= py
val dotAxes = sc.pl.dotplot(adata, listOf("CD79A", "MS4A1"), "bulk_labels", show = false) //= sc
println("Axes returned from dotplot object: $dotAxes") //= py
val dp = sc.pl.dotplot(adata, listOf("CD79A", "MS4A1"), "bulk_labels", returnFig = true) //= sc
println("DotPlot object: $dp") //= py
plt.close() //= py

// Two maps in one figure.
val ncols = 2 //= py
val nrows = 1 //= py
val figsize = 4 //= py
val wspace = 0.5 //= py
val (fig1, axs) = plt.subplots(
    nrows = nrows,
    ncols = ncols,
    figsize = (ncols * figsize + figsize * wspace * (ncols - 1)) to (nrows * figsize),
) //= py
plt.subplotsAdjust(wspace = wspace) //= py
println("axes: $axs") //= py
sc.pl.umap(adata, color = "louvain", ax = axs[0], show = false) //= sc
sc.pl.umap(adata[adata.obs["louvain"].isin(listOf("0", "3", "9")), all], color = "S_score", ax = axs[1]) //= sc

// A row of maps for each type of cells.
val markerGenes = mapOf(
    "B-cell" to listOf("CD79A", "MS4A1"),
    "Dendritic" to listOf("FCER1A", "CST3"),
    "Monocytes" to listOf("FCGR3A"),
    "NK" to listOf("GNLY", "NKG7"),
    "Other" to listOf("IGLL1"),
    "Plasma" to listOf("IGJ"),
    "T-cell" to listOf("CD3D"),
) //= py
val nrow = markerGenes.size //= py
val ncol = markerGenes.values.maxOf { it.size } //= py
val (fig2, grid) = plt.subplots(nrow, ncol, figsize = (2 * ncol) to (2 * nrow)) //= py
for ((rowIdx, entry) in markerGenes.entries.withIndex()) { //= py
    val (cellType, markers) = entry
    var colIdx = 0 //= py
    for (marker in markers) { //= py
        val ax = grid[rowIdx, colIdx] //= py
        sc.pl.umap(adata, color = marker, ax = ax, show = false, frameon = false, s = 20) //= sc
        if (colIdx == 0) { //= py
            ax.axis("on") //= py
            ax.tickParams(
                top = "off",
                bottom = "off",
                left = "off",
                right = "off",
                labelleft = "on",
                labelbottom = "off",
            ) //= py
            ax.setYlabel(cellType + "\n", rotation = 90, fontsize = 14) //= py
            ax.set(frameOn = false) //= py
        }
        colIdx += 1 //= py
    }
    while (colIdx < ncol) { //= py
        grid[rowIdx, colIdx].remove() //= py
        colIdx += 1 //= py
    }
}
fig2.tightLayout() //= py

// Sizes.
rcParams["figure.figsize"] = 2 to 2 //= py
sc.pl.umap(adata, color = "bulk_labels") //= sc
rcParams["figure.figsize"] = FIGSIZE //= py
plt.rcContext(mapOf("figure.figsize" to (5 to 5))) { //d py
    sc.pl.umap(adata, color = "bulk_labels") //= sc
}
val (fig3, ax3) = plt.subplots(figsize = 4 to 4) //= py
sc.pl.umap(adata, color = "bulk_labels", ax = ax3) //= sc
val figure4 = 3 //= py
val gap = 1 //= py
val (fig4, axs4) = plt.subplots(1, 2, figsize = (2 * figure4 + (2 - 1) * gap * figure4) to (1 * figure4)) //= py
plt.subplotsAdjust(wspace = gap) //= py
sc.pl.umap(adata, color = "louvain", ax = axs4[0], show = false) //= sc
sc.pl.umap(adata, color = "phase", ax = axs4[1]) //= sc
sc.pl.umap(adata, color = listOf("bulk_labels", "phase")) //= sc
sc.pl.umap(adata, color = listOf("bulk_labels", "phase"), wspace = 1) //= sc

// Titles and labels.
var ax = sc.pl.umap(adata, color = "bulk_labels", title = "Cell type", show = false) //= sc
ax.setXlabel("umap1", fontsize = 20) //= py
ax = sc.pl.umap(adata, color = "IGJ", show = false) //= sc
ax.setTitle("IGJ", style = "italic") //= py
sc.pl.umap(adata, color = "bulk_labels", frameon = false) //= sc
val dp2 = sc.pl.dotplot(adata, listOf("CD79A", "MS4A1"), "bulk_labels", show = false) //= sc
println("Dotplot axes: $dp2") //= py
val mainplotAx = dp2["mainplot_ax"] //= py
for (l in mainplotAx.getXticklabels()) { //= py
    l.setStyle("italic") //= py
    val g = l.getText() //= py
    if (g == "MS4A1") { //= py
        l.setColor("#A97F03") //= py
    }
}

// Order of categories.
val phases = listOf("G1", "S", "G2M") //= py
adata.obs["phase_ordered"] = pd.Categorical(values = adata.obs["phase"], categories = phases, ordered = true) //= py
sc.pl.umap(adata, color = listOf("phase", "phase_ordered"), wspace = 0.5) //= sc
adata.obs.remove("phase_ordered") //d py

// Legends.
fig = sc.pl.umap(adata, color = listOf("bulk_labels"), returnFig = true) //= sc
val ax7 = fig.axes[0] //= py
ax7.legend_.setTitle("Cell type") //= py
ax7.legend_.setBboxToAnchor(-0.2 to -0.7) //= py
val fig5 = sc.pl.umap(adata, color = listOf("bulk_labels"), returnFig = true) //= sc
val ax5 = fig5.axes[0] //= py
ax5.legend_.remove() //= py
val legend5 = ax5.legend(
    handles = adata.obs["bulk_labels"].cat.categories.zip(adata.uns.texts("bulk_labels_colors")).map { (l, c) ->
        Line2D(
            listOf(0),
            listOf(0),
            marker = "x",
            color = c,
            lw = 0,
            label = l,
            markerfacecolor = c,
            markersize = 7,
        )
    },
    frameon = false,
    ncols = 2,
    bboxToAnchor = 1 to 1,
    title = "Cell type",
) //d py
val (fig6, ax6) = plt.subplots(figsize = 3 to 3) //= py
sc.pl.umap(adata, color = listOf("bulk_labels"), ax = ax6, show = false) //= sc

// A ring around some cells.
val locationCells = adata[adata.obs["bulk_labels"] eq "CD56+ NK", all].obsm["X_umap"] //= py
val x = locationCells[all, 0].mean() //= py
val y = locationCells[all, 1].mean() //= py
val size = 1.5 //= py
val circle = plt.Circle(x to y, size, color = "k", clipOn = false, fill = false) //= py
ax6.addPatch(circle) //= py
val l1 = ax6.getLegend() //= py
l1.setTitle("Cell type") //= py
val l2 = ax6.legend(
    handles = listOf(
        Line2D(
            listOf(0),
            listOf(0),
            marker = "o",
            color = "k",
            markerfacecolor = "none",
            markersize = 12,
            markeredgecolor = "k",
            lw = 0,
            label = "selected",
        ),
    ),
    frameon = false,
    bboxToAnchor = 3 to 1,
    title = "Annotation",
) //= py
plt.gca().addArtist(l1) //= py

// Names of genes on a scatter plot.
plt.rcContext(mapOf("figure.figsize" to (5 to 5))) { //d py
    val xKey = "means" //= py
    val yKey = "dispersions" //= py
    val color = "is_highly_variable" //= py
    adata.vars["is_highly_variable"] = adata.vars["highly_variable"].astype("bool").astype("str") //= py
    val scatter = sc.pl.scatter(adata, x = xKey, y = yKey, color = color, show = false) //= sc
    println("Axes: $scatter") //= py
    scatter.setTitle("") //= py
    scatter.getLegend().setTitle(color) //= py
    // texts = [] //m py
    val genes = listOf(
        "CD79A", "MS4A1", "FCER1A", "CST3", "FCGR3A", "GNLY", "NKG7", "IGLL1", "IGJ", "CD3D",
    ) //= py
    for (gene in genes) { //= py
        val xLoc = adata.vars.loc[gene, xKey] //= py
        val yLoc = adata.vars.loc[gene, yKey] //= py
        val colorPoint = "k" //= py
        scatter.text(xLoc, yLoc, gene, color = colorPoint, fontsize = 10) //= py
    }
    // _ = adjust_text(texts, ...) //m ext
}

// Colours.
sc.pl.umap(
    adata,
    color = "phase",
    s = 20,
    palette = mapOf("S" to "tab:cyan", "G1" to "tab:olive", "G2M" to "tab:red"),
) //= sc
val loc = 0 //= py
adata.obs["normal"] = rng.normal(loc = loc, size = adata.shape[0]) //= py
sc.pl.umap(adata, color = "normal", cmap = "coolwarm", s = 20, vcenter = loc) //= sc
adata.obs.remove("normal") //d py
sc.tl.scoreGenes(adata, listOf("CD79A", "MS4A1"), scoreName = "B_cell_score") //= sc
val maxabs = max(abs(adata.obs["B_cell_score"])) //= py
sc.pl.umap(adata, color = "B_cell_score", cmap = "coolwarm", s = 20, vmin = -maxabs, vmax = maxabs) //= sc
adata.obs.remove("B_cell_score") //d py
adata.obs["lognormal"] = rng.lognormal(3, 1, adata.shape[0]) //= py
val norm = LogNorm() //= py
sc.pl.umap(adata, color = "lognormal", s = 20, norm = norm) //= sc
adata.obs.remove("lognormal") //d py
sc.tl.scoreGenes(adata, listOf("CD79A", "MS4A1"), scoreName = "B_cell_score") //= sc
// class MidpointNormalize(mcolors.Normalize): a subclass of matplotlib's //m py
val vmin = adata.obs["B_cell_score"].min() //= py
val vmax = adata.obs["B_cell_score"].max() //= py
val vpadding = (vmax - vmin) * 0.2 //= py
val midpoint = TwoSlopeNorm(vcenter = 0.0) //d py
val fig7 = sc.pl.umap(
    adata,
    color = "B_cell_score",
    cmap = "coolwarm",
    s = 20,
    norm = midpoint,
    returnFig = true,
    show = false,
) //= sc
// cmap_yticklabels = np.array([t.get_position()[1] for t in ...]) //m py
// fig.axes[1].set_ylim(...) //m py
adata.obs.remove("B_cell_score") //d py

// Groups, and the others.
ax = sc.pl.umap(adata, color = listOf("bulk_labels"), groups = listOf("Dendritic"), naInLegend = true, show = false) //= sc
val legendTexts = ax.getLegend().getTexts() //= py
for (legendText in legendTexts) { //= py
    if (legendText.getText() == "NA") { //= py
        legendText.setText("other cell types") //= py
    }
}
sc.pl.umap(adata, color = "IGJ", maskObs = (adata.obs["bulk_labels"] eq "CD19+ B"), size = 20) //= sc

// Which cells lie on top.
adata.obs["batch"] =
    List(adata.shape[0] / 2) { "a" } + List(adata.shape[0] - adata.shape[0] / 2) { "b" } //= py
val (fig8, axs8) = plt.subplots(1, 2, figsize = 9 to 3) //= py
plt.subplotsAdjust(wspace = 1) //= py
sc.pl.umap(adata, color = "batch", ax = axs8[0], title = "Default ordering", show = false) //= sc
val randomIndices = np.random.defaultRng(0).permutation((0 until adata.shape[0]).toList()) //= py
sc.pl.umap(adata[randomIndices, all], color = "batch", ax = axs8[1], title = "Random re-ordering") //= sc

// A grid over two parameters.
val adataTemp = adata.copy() //= py
val MIN_DISTS = listOf(0.1, 0.3, 0.5) //c py
val SPREADS = listOf(0.5, 1.0, 5.0) //c py
val (fig9, axes9) = plt.subplots(
    MIN_DISTS.size, SPREADS.size, figsize = (SPREADS.size * 3 + 2) to (MIN_DISTS.size * 3),
) //= py
for ((i, minDist) in MIN_DISTS.withIndex()) for ((j, spread) in SPREADS.withIndex()) { //c py
    val panel = axes9[i][j] //= py
    val paramStr = listOf("min_dist =", "$minDist", "and spread =", "$spread").joinToString(" ") //= py
    sc.tl.umap(adataTemp, minDist = minDist, spread = spread) //= sc
    sc.pl.umap(
        adataTemp,
        color = listOf("louvain"),
        title = paramStr,
        s = 40,
        ax = panel,
        show = false,
    ) //= sc
}
plt.tightLayout() //= py
plt.show() //= py
plt.close() //= py

// PAGA beside the map.
sc.tl.paga(adata, groups = "louvain") //= sc
val (fig10, axs10) = plt.subplots(1, 2, figsize = 6 to 3) //= py
val pagaConn = adata.uns["paga"]["connectivities"].toarray().ravel() //= py
val a = axs10[0].hist(pagaConn, bins = 30) //= py
sns.violinplot(pagaConn, ax = axs10[1], inner = null) //= py
sns.swarmplot(pagaConn, ax = axs10[1], color = "k", size = 1) //= py
val thr = 0.5 //= py
axs10[1].axhline(thr, c = "r") //= py
axs10[0].axvline(thr, c = "r") //= py
val (fig11, axs11) = plt.subplots(1, 2, figsize = 6 to 3) //= py
sc.pl.paga(adata, ax = axs11[0], title = "PAGA", show = false) //= sc
sc.pl.paga(adata, ax = axs11[1], title = "PAGA - prunned", threshold = thr) //= sc
val (fig12, axs12) = plt.subplots(1, 2, figsize = 6 to 3) //= py
sc.pl.umap(adata, color = "louvain", ax = axs12[0], show = false, title = "UMAP", legendLoc = "on data") //= sc
sc.pl.paga(adata, ax = axs12[1], title = "PAGA") //= sc
var pos = pd.DataFrame(adata.obsm["X_umap"], index = adata.obsNames) //= py
pos["group"] = adata.obs[adata.uns["paga"]["groups"]] //= py
pos = pos.groupby("group", observed = true).mean() //= py
ax = sc.pl.umap(adata, show = false) //= sc
sc.pl.paga(
    adata,
    color = "louvain",
    threshold = thr,
    nodeSizeScale = 1,
    edgeWidthScale = 0.7,
    pos = pos.values,
    randomState = 0,
    ax = ax,
) //= sc
