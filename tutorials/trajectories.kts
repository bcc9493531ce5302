// Trajectories: from a progenitor to four fates, in pseudotime, as a graph of groups, and gene by gene.
// usage: ./cellweave tutorials/trajectories.kts [OUT.h5ad]
//
// A sample of a tissue that renews itself holds cells of all stages at once. Each is destroyed when it is measured, so
// that nobody has seen one of them move; but if enough of them lie between a beginning and an end, their order can be
// guessed. This tutorial orders cells by diffusion pseudotime, says with PAGA which groups hang together, follows genes
// along the way to each fate, and asks how far all of it can be trusted.
//
// The cells are simulated (as those of the tutorial on clones): each has a fate and a maturity, and so there is a truth
// to compare the order with.

val out = args.firstOrNull() ?: "trajectories.h5ad"
sc.settings.verbosity = 1
sc.settings.setFigureParams(scanpy = false, fontsize = 12.0)

// Cells of all stages ------------------------------------------------------------------------------------------------
// Four fates, one well. Each cell knows the day on which it was taken, which is all that we use of the truth: late
// cells are riper, but every day has cells of many stages.

val adata = sc.datasets.simulatedClones(nClones = 300, nGenes = 1000, nFates = 4, nWells = 1, cloneEffect = 0.2, depth = 4000)
np.random.seed(0)
val late = adata.obs["maturity"].toDoubles() + np.random.normal(0, 0.15, size = adata.nObs)
adata.obs["day"] = pd.cut(late, bins = listOf(-9.0, 0.25, 0.6, 9.0), labels = listOf("day 2", "day 4", "day 6"))
println(adata)
println(adata.obs["day"].valueCounts())

sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)
adata.raw = adata
sc.pp.highlyVariableGenes(adata, nTopGenes = 500)
sc.pp.pca(adata, nComps = 20)
sc.pp.neighbors(adata, nNeighbors = 20)

// A map that shows ways ----------------------------------------------------------------------------------------------
// UMAP is made for clusters, and tears ways apart or bends them. ForceAtlas2 lets neighbours attract and all others
// repel, which keeps branches long. Either is a drawing: what follows is computed from the graph of neighbours and not from
// places in a plane.

sc.tl.leiden(adata, resolution = 1.0)
sc.tl.drawGraph(adata)
sc.pl.grid(
    sc.pl.drawGraph(adata, color = "leiden", legendLoc = "on data", show = false),
    sc.pl.drawGraph(adata, color = "day", show = false),
    save = "trajectories_01_map.png",
)

// Groups that hang together ------------------------------------------------------------------------------------------
// PAGA counts the edges between two groups of cells and compares them with those expected by chance. A thick line says that
// cells lie between the groups, a missing one that the map may lie where it shows them side by side. The positions of
// the groups then give the drawing of the cells a better start.

sc.tl.paga(adata, groups = "leiden")
sc.pl.paga(adata, threshold = 0.1, color = "leiden", plot = false)
sc.tl.drawGraph(adata, initPos = "paga")
sc.pl.pagaCompare(adata, threshold = 0.1, basis = "draw_graph_fa", save = "trajectories_02_paga.png")

// Where it begins ----------------------------------------------------------------------------------------------------
// No method can know: a way has two ends, and expression does not say which is first. The beginning comes from outside,
// from markers of the progenitor, or, as here, from the day. Diffusion components are the slow directions of a random
// walk along the graph; the root is the cell of day 2 in the middle of the most cells of day 2: the group with the largest
// share of them, and in it the cell next to the group's centre.

sc.tl.diffmap(adata)
val shares = pd.crosstab(adata.obs["leiden"], adata.obs["day"], normalize = "index")
println("\nshare of each day in the groups:\n$shares")
val first = shares.index.text(shares["day 2"].argmax())!!
val inFirst = np.flatnonzero(adata.obs["leiden"] eq first)
val places = adata.obsm["X_diffmap"]
val centre = places[inFirst, all].mean(axis = 0)
val away = inFirst.map { np.linalg.norm(places.toarray()[it, all] - centre) }
val root = inFirst[np.argmin(np.array(away))]
adata.uns["iroot"] = root
println("\nthe way begins in group $first, at ${adata.obsNames[root]}")

// Pseudotime ---------------------------------------------------------------------------------------------------------
// How long a random walk is on its way from the root to a cell, over all lengths of walks. It is no time: a stage that
// cells pass quickly has few cells and looks short. Only its order is to be compared, and that by ranks.

sc.tl.dpt(adata)
sc.pl.drawGraph(
    adata, color = listOf("dpt_pseudotime", "maturity", "fate"), cmap = "viridis", save = "trajectories_03_pseudotime.png",
)
val (rho, _) = stats.spearmanr(adata.obs["dpt_pseudotime"], adata.obs["maturity"])
println("pseudotime and true maturity: Spearman %.2f".format(rho))
for ((fate, rows) in adata.obs.groupby("fate").indices) {
    val part = adata.obs.iloc[rows]
    val within = stats.spearmanr(part["dpt_pseudotime"], part["maturity"]).statistic
    println("  of cells on their way to %s %.2f".format(fate, within))
}

// Within a branch the order is right. Over all branches it is less so, because each has its own scale: a fate that changes more
// genes is farther away, and equal pseudotime on two branches does not mean equal age.

// A violin for each group shows what the map hides: how far groups overlap. Groups at the ends of branches have the latest
// cells, and the groups of different branches are at the same time and yet apart.

sc.pl.violin(
    adata, "dpt_pseudotime", groupby = "leiden", stripplot = false, ylabel = "pseudotime", figsize = 7 to 4,
    save = "trajectories_04_groups.png",
)

// Ways to the fates --------------------------------------------------------------------------------------------------
// The strongest edges that hang all groups together make a tree. Its leaves, apart from the beginning, are the ends, and
// from each leaf one way leads back. A leaf with early cells would be no end, but a group that the tree has at its edge.

val groups = adata.obs["leiden"].cat.categories
val tree = (adata.uns["paga"]["connectivities_tree"] as Matrix).toarray()
fun joined(i: Int) = groups.indices.filter { tree[i, it] > 0.0 || tree[it, i] > 0.0 }

fun way(from: Int, to: Int, before: Int = -1): List<Int>? {
    if (from == to) return listOf(to)
    return joined(from).filter { it != before }.firstNotNullOfOrNull { next -> way(next, to, from)?.let { listOf(from) + it } }
}

val beginning = groups.indexOf(first)
val leaves = groups.indices.filter { it != beginning && joined(it).size == 1 }
val ways = leaves.associate { leaf -> groups[leaf] to way(beginning, leaf)!!.map { groups[it] } }
val fateOf = pd.crosstab(adata.obs["leiden"], adata.obs["fate"], normalize = "index")
for ((leaf, nodes) in ways) {
    val row = fateOf.columns.associateWith { fateOf[it].toDoubles()[groups.indexOf(leaf)] }
    val (fate, share) = row.maxBy { it.value }
    println("%-16s ends in cells of %s (%.0f%%)".format(nodes.joinToString(" -> "), fate, 100 * share))
}

// Genes along a way --------------------------------------------------------------------------------------------------
// Genes that rise or fall along one way: the rank correlation of a gene with pseudotime among the cells of its groups. Tests
// of hundreds of genes need their false discoveries controlled. As with clusters, the p-values are too small, because
// pseudotime was made of the same genes; the order holds.

fun along(nodes: List<String>): List<Pair<String, Double>> {
    val part = adata[adata.obs["leiden"].isin(nodes)].copy()
    val time = part.obs["dpt_pseudotime"].toDoubles()
    val genes = part.varNames.filter { part.vars.loc[it, "highly_variable"] eq true }
    val tests = genes.map { stats.spearmanr(part.obsVector(it), time) }
    val adjusted = stats.falseDiscoveryControl(np.array(tests.map { if (it.pvalue.isNaN()) 1.0 else it.pvalue }))
    return genes.indices.filter { adjusted[it] < 0.01 }.map { genes[it] to tests[it].statistic }.sortedBy { -it.second }
}

val found = ways.mapValues { along(it.value) }
for ((leaf, genes) in found) {
    println("way to %s: %d genes; up %s; down %s".format(leaf, genes.size,
        genes.take(3).joinToString { "%s %.2f".format(it.first, it.second) },
        genes.takeLast(3).joinToString { "%s %.2f".format(it.first, it.second) }))
}

// The longest way, cell by cell in the order of pseudotime: each value is the mean over thirty cells, scaled to the gene's own
// range, so that one sees when a gene turns and not how strong it is.

val (leaf, longest) = ways.entries.maxBy { it.value.size }
val turning = found.getValue(leaf).map { it.first }.take(12)
sc.pl.pagaPath(
    adata, longest, turning, nAvg = 30, normalizeToZeroOne = true, title = "from group $first to group $leaf",
    figsize = 8 to 5, save = "trajectories_05_genes.png",
)

// One gene on all ways. What parts the fates is a gene that rises on one way alone; a gene that rises on all of them
// tells of maturity.

val special = ways.keys.map { end -> found.getValue(end).first().first }.distinct()
val rows = ways.flatMap { (end, nodes) ->
    val part = adata[adata.obs["leiden"].isin(nodes)].copy()
    val time = part.obs["dpt_pseudotime"].toDoubles()
    val step = pd.qcut(time, 10, labels = (1..10).map { it }).texts()
    special.flatMap { gene ->
        val values = part.obsVector(gene).toDoubles()
        values.indices.map { listOf("way to $end", gene, step[it]!!.toInt(), values[it]) }
    }
}
val table = pd.DataFrame(
    listOf("way", "gene", "tenth of the way", "expression").withIndex().associate { (i, name) -> name to rows.map { it[i] } },
)
sc.pl.grid(
    special.map { gene ->
        val ofGene = table[table["gene"] eq gene]
        sc.pl.lineplot(ofGene, x = "tenth of the way", y = "expression", hue = "way", title = gene, show = false)
    },
    ncols = 2, save = "trajectories_06_ways.png",
)

// How far to trust it ------------------------------------------------------------------------------------------------
// Change what should not matter, and see whether the order stays: other numbers of neighbours, other numbers of diffusion
// components, another root in the same group. An order that turns round with any of them is none.

println("\norder compared with the one above (Spearman), and with the truth:")
fun again(what: String, change: (AnnData) -> Unit) {
    val other = adata.copy()
    change(other)
    val (before, truth) = listOf("dpt_pseudotime", "maturity").map {
        stats.spearmanr(other.obs["dpt_pseudotime"], adata.obs[it]).statistic
    }
    println("  %-32s %.3f  %.3f".format(what, before, truth))
}
fun ordered(x: AnnData, neighbours: Int) {
    sc.pp.neighbors(x, nNeighbors = neighbours)
    sc.tl.diffmap(x)
    sc.tl.dpt(x)
}
for (k in listOf(10, 50)) again("$k neighbours") { ordered(it, k) }
for (n in listOf(5, 15)) again("$n diffusion components") { sc.tl.dpt(it, nDcs = n) }
again("another root of the same group") { it.uns["iroot"] = inFirst[0]; sc.tl.dpt(it) }
val end = np.flatnonzero(adata.obs["leiden"] eq leaf)[0]
again("a root at the end of a branch") { it.uns["iroot"] = end; sc.tl.dpt(it) }

// The last line is the warning. From the wrong end the same data give an order that looks as smooth as the right one, and
// only what is known from outside tells them apart. Two more things that no order shows: cells of two fates that look alike
// are put on one way (the tutorial on clones tells them apart by barcodes), and a sample of one day that lacks a stage
// has a gap that the walk bridges all the same.

adata.writeH5ad(out)
println("\nwrote $out")
