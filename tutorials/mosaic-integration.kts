// Cells of which some have RNA, some have surface proteins and few have both: brought together, and judged where it is known.
// usage: ./cellweave tutorials/mosaic-integration.kts [MOSAIC.h5mu LINKS.csv]
//
// A report joined RNA and proteins of the same blood cells, whose pairing the methods were not told, and gave 97.96 %
// of the labels right where MaxFuse had 86.9 %, and a FOSCTTM of 0.00092 where MaxFuse had 0.069. Its code reads the file of
// proteins for both modalities. It joined proteins with themselves, and nothing in its table says so.
//
// This tutorial takes the same question, and begins with that control. Then it runs the methods of this project on a mosaic,
// tells each of them no more than it would know of data of your own, and measures with cells that were taken apart.
//
// Without arguments the cells are simulated: 1,200 of them with 500 genes and 60 proteins. With a mosaic as .h5mu, in
// which one batch has both modalities, and a table of genes with their proteins, it takes those; it was written for the blood
// cells that come with MIDAS, and docs/mosaic.md has the figures of both.

import org.jetbrains.letsPlot.facet.facetGrid
import org.jetbrains.letsPlot.geom.geomLine

sc.settings.verbosity = 1
fun said(value: Double) = "%.3f".format(java.util.Locale.ROOT, value)

// Cells --------------------------------------------------------------------------------------------------------------
// Each protein follows what its gene should be expressed at, not the count of it, and each type does something to its
// proteins that its genes know nothing of. Within a type cells differ by four programs, which genes and proteins share: without
// them there would be nothing to tell two cells of a type apart by. Real cells are harder: compare with the page's figures of
// blood cells (docs/mosaic.md).

fun labels(mdata: MuData, keys: List<String>): CategoricalColumn {
    val out = arrayOfNulls<String>(mdata.nObs)
    for (part in mdata.mod.values()) {
        val column = part.obs[keys.first { it in part.obs.keys }]
        val at = part.obsNames.withIndex().associate { (row, name) -> name to row }
        mdata.obsNames.forEachIndexed { i, name -> at[name]?.let { out[i] = column.text(it) } }
    }
    return CategoricalColumn.ofTexts(*out)
}

/** RNA alone in the first batch, proteins alone in the second, both in the third. */
fun simulated(): MuData {
    val whole = sc.datasets.simulatedCiteSeq(seed = 1)
    fun without(modality: String, batch: String): AnnData {
        val part = whole[modality]
        return part[BooleanArray(part.nObs) { part.obs["batch"].text(it) != batch }].copy()
    }
    val mdata = MuData(mapOf("rna" to without("rna", "batch_1"), "adt" to without("adt", "batch_0")))
    mdata.uns["true_links"] = whole.uns["true_links"]
    return mdata
}

val isSimulated = args.size != 2
val mosaic = if (isSimulated) simulated() else sc.readH5mu(args[0])
val links: Any = if (isSimulated) mosaic.uns["true_links"]!! else args[1]
mosaic.obs["batch"] = labels(mosaic, listOf("batch"))
mosaic.obs["cell_type"] = labels(mosaic, listOf("cell_type", "celltype"))
val rna = mosaic["rna"]
val adt = mosaic["adt"]
for (part in listOf(rna, adt)) {
    part.layers["counts"] = part.X.copy() // for MIDAS
    sc.pp.normalizeTotal(part)
    sc.pp.log1p(part)
}
sc.pp.pca(rna, nComps = 30)
sc.pp.pca(adt, nComps = 15)

// What a mosaic is ---------------------------------------------------------------------------------------------------
// Its parts are the cells of one batch that have the same modalities. Two parts can be compared where they share features:
// the number in the row of one and the column of the other. Parts of one group hang together, if need be over several
// steps; the part that has everything is the bridge.

println(sc.get.mosaicTopology(mosaic))
val bridgeBatch = (0 until mosaic.nObs).groupBy { mosaic.obs["batch"].text(it) }.keys.first { batch ->
    listOf(rna, adt).all { part -> part.obs["batch"].texts().any { it == batch } }
}
val isPaired = BooleanArray(mosaic.nObs) { mosaic.obs["batch"].text(it) == bridgeBatch }

fun pairedOf(part: AnnData) = part[BooleanArray(part.nObs) { part.obs["batch"].text(it) == bridgeBatch }].copy()
val pairedRna = pairedOf(rna)
val pairedAdt = pairedOf(adt)

// The control first --------------------------------------------------------------------------------------------------
// FOSCTTM asks, of a cell in one modality: which share of the cells of the other lies nearer than its own other half? 0 is
// best, 0.5 is chance. Transfer asks how many cells have the label of their nearest cell in the other modality. Both know only
// two tables of numbers. Give them the same table twice and they are perfect, whatever the method between, and without any:

fun transfer(a: AnnData, b: AnnData, key: String): List<Double> {
    val parts = listOf("a" to a, "b" to b).map { (name, part) ->
        val own = AnnData(null, part.obs.copy(), DataFrame.ofNames())
        own.obsm["X"] = part.obsm[key]
        own.obs["type"] = part.obs[listOf("cell_type", "celltype").first { it in part.obs.keys }]
        name to own
    }
    val both = sc.concat(parts.toMap(), label = "side", indexUnique = "-")
    return sc.metrics.labelTransferAccuracy(both, "type", "side", useRep = "X")["accuracy"].toDoubles().toList()
}

val again = pairedAdt.copy()
val control = listOf("X_pca", "X_pivots").associateWith { key ->
    if (key == "X_pivots") sc.tl.matchPivots(pairedAdt, again)
    sc.metrics.foscttm(pairedAdt, again, key).getValue("mean") to transfer(pairedAdt, again, key).average()
}
println("\nproteins against themselves   FOSCTTM  transfer")
for ((key, found) in control) {
    val name = if (key == "X_pca") "nothing learnt" else "matchPivots"
    println("%-28s  %7s  %8s".format(name, said(found.first), said(found.second)))
}

// The other end of the scale: true modalities, and other halves drawn at random. A figure between the two says something, one
// at either end is to be looked into. Print the names of the features that went in on both sides; that is all it takes.

println("first features on both sides of the control: ${pairedAdt.varNames.take(3)} and ${again.varNames.take(3)}")
sc.tl.matchPivots(pairedRna, pairedAdt, links)
val order = (0 until pairedRna.nObs).shuffled(kotlin.random.Random(0)).toIntArray()
val shuffled = pairedAdt.copy()
shuffled.obsm["X_pivots"] = pairedAdt.obsm.matrix("X_pivots", "").toDense().takeRows(order)
val chance = sc.metrics.foscttm(pairedRna, shuffled, "X_pivots").getValue("mean")
val honest = sc.metrics.foscttm(pairedRna, pairedAdt, "X_pivots").getValue("mean")
println("matchPivots, RNA against proteins: FOSCTTM ${said(honest)}; with halves drawn at random ${said(chance)}")

// Links, from names and found -----------------------------------------------------------------------------------------
// Which gene goes with which protein? Often a table says so. Where none does, the report asked the cell types of both sides,
// which it then foretold. sc.tl.findLinks asks cells that have both modalities: a gene and a protein are linked when each
// is the other's best. It needs no labels. Here it sees half of the paired cells, and is compared with the table.
//
// Few of the links are the gene of the protein, if many more than by chance. Most join features that go with the same types,
// since among 200 cells these correlate as well. To match cells by they are nearly as good, as the table below says; as
// a list of which gene makes which protein they are not.

fun resolved(): List<Pair<String, String>> {
    val told = pairedRna.uns["pivots"] as Map<*, *>
    return (told["links"] as NdArray).texts().zip((told["links_of_partner"] as NdArray).texts())
}
val byName = resolved()

fun foundIn(cells: IntArray): List<Pair<String, String>> {
    val (a, b) = pairedRna[cells].copy() to pairedAdt[cells].copy()
    sc.tl.findLinks(a, b)
    val table = sc.get.links(a)
    return table["feature_x"].texts().zip(table["feature_y"].texts())
}
val someLinks = foundIn(IntArray(pairedRna.nObs / 2) { it })
val right = someLinks.count { it in byName }
val firstRight = someLinks.take(20).count { it in byName }
val byChance = byName.size.toDouble() / (rna.nVars.toLong() * adt.nVars)
println("\n${byName.size} links by name; ${someLinks.size} found, $right of them by name too, $firstRight of the first 20")
println("a pair drawn at random is a link with a chance of ${"%.5f".format(java.util.Locale.ROOT, byChance)}")

// Methods ------------------------------------------------------------------------------------------------------------
// sc.pp.integrate is one door to all of them; each writes the places of all cells. What differs is what they go by:
//
// - stabmap needs a bridge: it regresses the bridge's components on the features that the other parts have, too. No links.
// - inmf and uinmf need features that all parts have, and by links a gene and its protein are one. uinmf also reads the others.
// - multimap makes one graph, of each part by its own components and of two parts by what they share.
// - matchPivots looks for partners by the linked features, smoothed over neighbours, and improves on them by correlation of
//   everything with everything.
// - scmodal trains networks: what encoders make of both modalities is to look alike, and linked neighbours to lie together. The
//   paper's sizes are for many cells; a few hundred steps of small networks serve here (docs/mosaic.md).
// - midas trains one model of the counts of all parts, and learns from the bridge what goes together. It begins near StabMap's
//   places, and could say afterwards what cells would have in the other modality.
//
// Half of the paired cells stay as they are: the bridge. The others are taken apart by sc.pp.unpair, each half a cell of its
// own. What they were stands in obs["pair"], which no method reads. Three seeds, each with another half and other
// random numbers.

fun split(seed: Int): MuData {
    val coin = java.util.SplittableRandom(seed.toLong())
    val apart = BooleanArray(mosaic.nObs) { isPaired[it] && coin.nextBoolean() }
    return sc.pp.unpair(mosaic, apart)
}

fun bridgeOf(mdata: MuData) =
    sc.get.mosaicTopology(mdata).names.first { it.startsWith(bridgeBatch!!) && "rna" in it && "adt" in it }

// "Nothing learnt" are the linked features themselves, each with mean 0 and deviation 1 in its modality: what a method has to
// beat. Links that findLinks sees in the bridge alone take the place of the table once.

fun linkedFeatures(mdata: MuData): DenseMatrix {
    val rows = Array(mdata.nObs) { DoubleArray(byName.size) }
    for ((name, features) in listOf("adt" to byName.map { it.second }, "rna" to byName.map { it.first })) {
        val part = sc.pp.scale(mdata[name][all, features].copy()).x.toDense()
        val at = mdata.obsNames.withIndex().associate { (row, cell) -> cell to row }
        mdata[name].obsNames.forEachIndexed { row, cell -> part.readRow(row, rows[at.getValue(cell)]) }
    }
    return DenseMatrix.ofRows(rows)
}

fun bridgeLinks(mdata: MuData): List<Pair<String, String>> {
    val names = mdata.obsNames.toSet()
    return foundIn((0 until pairedRna.nObs).filter { pairedRna.obsNames[it] in names }.toIntArray())
}

class Method(val name: String, val run: (MuData, Long) -> Unit)
val methods = listOf(
    Method("linked") { mdata, _ -> mdata.obsm["X_linked"] = linkedFeatures(mdata) },
    Method("inmf") { mdata, seed -> sc.tl.uinmf(mdata, k = 10, links = links, ownFeatures = false, randomState = seed) },
    Method("uinmf") { mdata, seed -> sc.tl.uinmf(mdata, k = 10, links = links, randomState = seed, keyAdded = "uinmf") },
    Method("multimap") { mdata, seed -> sc.pp.integrate(mdata, "multimap", links = links, randomState = seed) },
    Method("pivots") { mdata, _ -> sc.pp.integrate(mdata, "pivots", links = links) },
    Method("pivots_found") { mdata, _ ->
        sc.pp.integrate(mdata, "pivots", links = bridgeLinks(mdata), keyAdded = "pivots_found")
    },
    Method("stabmap") { mdata, _ -> sc.pp.integrate(mdata, "stabmap", references = listOf(bridgeOf(mdata))) },
    Method("scmodal") { mdata, seed ->
        sc.tl.scmodal(
            mdata, links, trainingSteps = 350, batchSize = 200, nHidden = 128, nNeighbors = 12, lambdaMnn = 10.0, randomState = seed,
        )
    },
    Method("midas") { mdata, seed -> sc.tl.midas(mdata, layer = "counts", startRep = "X_stabmap", randomState = seed) },
)
val titles = mapOf(
    "linked" to "nothing learnt", "inmf" to "iNMF", "uinmf" to "UINMF", "multimap" to "MultiMAP", "pivots" to "matchPivots",
    "pivots_found" to "matchPivots, found links", "stabmap" to "StabMap", "scmodal" to "scMODAL",
    "midas" to "MIDAS",
)

val seeds = listOf(0, 1, 2)
val splits = seeds.associateWith { split(it) }
val taken = sc.get.mosaicTopology(splits.getValue(0))[listOf("n_cells", "n_features", "group")]
println("\nparts with half of the paired cells taken apart:\n$taken")
// (iNMF warns of clusters that are too small in one of the parts to be aligned there; their cells stay as they are.)
sc.settings.verbosity = 0
val tables = splits.map { (seed, mdata) ->
    for (method in methods) {
        method.run(mdata, seed.toLong())
        mdata.obsm[titles.getValue(method.name)] = mdata.obsm["X_${method.name}"]
    }
    sc.metrics.benchmark(
        mdata, "modality", "cell_type", methods.map { titles.getValue(it.name) }, measures = emptyList(), pairKey = "pair",
    )
}

sc.settings.verbosity = 1

// The table ----------------------------------------------------------------------------------------------------------
// Of the first seed as it comes, then the mean over the three with the lowest and the highest of the means of both directions.
// `a->b` of a FOSCTTM is about cells of a among those of b; of a transfer it is labels of a that were given to b. kNN alignment
// is the share of cells whose half is among the k nearest, over k from 1 to 50.

println("\n${tables[0]}")
sc.pl.benchmark(tables[0], save = "mosaic_01_table.png")

fun values(name: String, title: String) = tables.map { it[titles.getValue(name), title] }
fun both(name: String, measure: String) =
    values(name, "$measure rna->adt").zip(values(name, "$measure adt->rna")) { a, b -> (a + b) / 2 }
fun foscttm(name: String) = both(name, "FOSCTTM")
fun transferred(name: String) = both(name, "Transfer")

val heads = "%9s %9s  %-15s".format("rna->adt", "adt->rna", "lowest-highest")
println("\n%-26s %-37s%s".format("mean of ${seeds.size} seeds", "FOSCTTM", "transfer"))
println("%-26s %s %s".format("", heads, heads).trimEnd())
for (method in methods.sortedBy { foscttm(it.name).average() }) {
    val measured = listOf("FOSCTTM" to foscttm(method.name), "Transfer" to transferred(method.name))
    val cells = measured.joinToString(" ") { (measure, found) ->
        val (there, back) = listOf("rna->adt", "adt->rna").map { said(values(method.name, "$measure $it").average()) }
        "%9s %9s  %-15s".format(there, back, "${said(found.min())}-${said(found.max())}")
    }
    println("%-26s %s".format(titles.getValue(method.name), cells).trimEnd())
}

// Maps ---------------------------------------------------------------------------------------------------------------
// Of the first seed, by modality, batch and type. Modalities that mix are not enough: look whether types do too. A
// map of UMAP is drawn from neighbours; MultiMAP has one of its own.

val mapped = splits.getValue(0)
for (method in methods.filter { it.name != "multimap" }) {
    sc.pp.neighbors(mapped.shared, useRep = "X_${method.name}", keyAdded = method.name)
    sc.tl.umap(mapped.shared, neighborsKey = method.name, keyAdded = "X_umap_${method.name}")
}
// Drawn in the order of cells, the last modality would cover the others.
val drawn = mapped.shared[(0 until mapped.nObs).shuffled(kotlin.random.Random(1)).toIntArray()].copy()
drawn.obsm["X_umap_multimap"] = drawn.obsm["X_multimap"]
val colors = listOf("modality", "batch", "cell_type")
sc.settings.setFigureParams(scanpy = false, figsize = 2.8 to 2.4, fontsize = 13.0)
val rows = methods.map { method ->
    colors.map { color ->
        sc.pl.embedding(
            drawn, basis = "umap_${method.name}", color = color, title = "${titles.getValue(method.name)}, $color",
            frameon = false, size = 16, legendLoc = if (method === methods.first()) "right margin" else "none",
        )
    }
}
c2v.pl.panels(*rows.flatten().toTypedArray(), ncols = 3, save = "mosaic_02_maps.png")
sc.settings.setFigureParams(scanpy = false)

// Fewer antibodies ---------------------------------------------------------------------------------------------------
// The report ranked antibodies by how well they tell types, dropped them one after the other and found that few are enough.
// With proteins on both sides that was to be expected. Here: links are kept in the order of their proteins, by the
// share of a protein's variance that lies between types, best first, and in random order. matchPivots may use all
// features for its components, and only the links that are left to compare.

fun betweenTypes(x: DoubleArray, types: List<String>): Double {
    val mean = x.average()
    val groups = types.indices.groupBy { types[it] }.values
    val between = groups.sumOf { own -> own.size * (own.map { x[it] }.average() - mean).let { it * it } }
    return between / x.sumOf { (it - mean) * (it - mean) }.coerceAtLeast(1e-12)
}
val typesOfPaired = pairedAdt.obs[listOf("cell_type", "celltype").first { it in pairedAdt.obs.keys }].texts().map { it!! }
val dense = pairedAdt.x.toDense()
val importance = pairedAdt.varNames.withIndex().associate { (j, name) -> name to betweenTypes(dense.column(j), typesOfPaired) }
val bestFirst = byName.sortedByDescending { importance.getValue(it.second) }

fun accuracy(kept: List<Pair<String, String>>): Double {
    sc.tl.matchPivots(pairedRna, pairedAdt, kept)
    return transfer(pairedRna, pairedAdt, "X_pivots").average()
}
val counts = listOf(3, 5, 8, 12, 20, 30, 45, 70).filter { it < byName.size } + byName.size
val dropping = linkedMapOf<String, List<Double>>()
dropping["best antibodies"] = counts.map { accuracy(bestFirst.take(it)) }
dropping["at random, mean of 3"] = counts.map { n ->
    seeds.map { accuracy(byName.shuffled(kotlin.random.Random(it)).take(n)) }.average()
}
dropping["worst antibodies"] = counts.map { accuracy(bestFirst.takeLast(it)) }
println("\nlabel transfer, mean of both directions, by the number of links kept")
println("%-22s".format("") + counts.joinToString("") { "%7d".format(it) })
for ((name, found) in dropping) println("%-22s".format(name) + found.joinToString("") { "%7s".format(said(it)) })

val majority = typesOfPaired.groupingBy { it }.eachCount().values.max() / typesOfPaired.size.toDouble()
val curves = mapOf(
    "links" to dropping.values.flatMap { counts },
    "accuracy" to dropping.values.flatten(),
    "kept" to dropping.keys.flatMap { name -> counts.map { name } },
)
sc.pl.plots(
    letsPlot(curves) { x = "links"; y = "accuracy"; color = "kept" } +
        geomHLine(yintercept = majority, linetype = "dashed", color = "#888888") +
        geomLine(size = 1.0) + geomPoint(size = 3.0) + scaleYContinuous(limits = 0 to 1) +
        labs(x = "links kept", y = "label transfer, mean of both directions", color = ""),
    ncols = 1, width = 760, height = 400, save = "mosaic_03_antibodies.png",
)

// What to choose when ------------------------------------------------------------------------------------------------
// - Cells with both modalities, even few: StabMap, which needs no table of links, draws no random numbers and has nothing to tune;
//   or links that findLinks sees in these cells, and matchPivots by them. MIDAS where values of the other modality are wanted, or
//   counts without the batches' differences, and there are thousands of cells and time to train.
// - No such cells, but links: matchPivots where partners of single cells are wanted; MultiMAP where a graph and a map are.
// - Links but few: look how accuracy falls above. Paired cells of another study of the same tissue give more of them.
// - iNMF and UINMF where factors are to be read as lists of genes and sets share features truly. That a gene and its
//   protein are one is a strong assumption, and the table shows what it costs; and look how far the seeds of UINMF are apart.
//
// Whatever it is: print the features that go in on both sides, keep some paired cells apart, give both directions and more
// than one seed, and look for the figure that is too good.

// Checks -------------------------------------------------------------------------------------------------------------

var held = 0
fun holds(what: String, isTrue: Boolean) {
    check(isTrue) { "does not hold: $what" }
    held++
}
for ((key, found) in control) holds("$key of proteins against themselves is perfect", found.first < 0.01 && found.second > 0.99)
holds("halves drawn at random are chance", chance in 0.45..0.55)
holds("true modalities lie between the two", honest > control.values.maxOf { it.first } + 0.002 && honest < 0.3)
holds("findLinks sees more true links than chance", right > 10 * byChance * someLinks.size)
for (name in listOf("multimap", "pivots", "stabmap", "midas")) holds("$name is better than chance", foscttm(name).max() < 0.35)
val chosen = methods.minBy { foscttm(it.name).average() }
holds("something is better than nothing learnt", foscttm(chosen.name).average() < foscttm("linked").average() - 0.03)
holds("all links are better than the three best", dropping.getValue("best antibodies").let { it.last() > it.first() })
println(
    "\n$held checks hold; best of the mosaic ${titles.getValue(chosen.name)} (FOSCTTM ${said(foscttm(chosen.name).average())}, " +
        "transfer ${said(transferred(chosen.name).average())})",
)
