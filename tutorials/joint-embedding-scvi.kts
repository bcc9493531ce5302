// Better embeddings of cells with few counts: scVI beside JointEmbeddingSCVI.
// usage: ./cellweave tutorials/joint-embedding-scvi.kts [GSE310923_PBMC_clean.h5ad] [OUT.h5ad]
//
// Cells with few counts are usually left out, because an encoder places them by how little there is of them rather than by
// what they are. JointEmbeddingSCVI (Svensson 2026, doi:10.64898/2026.02.11.705441) is also trained on a random part of
// every cell's counts, and draws both places of a cell together. This is the tutorial of scvi-tools of that name, step by
// step: counts are thinned so that half of the cells have few, both models are trained, and the labels of cells with few
// counts are foretold from the others.
//
// With the file (51,277 blood cells of young and old donors) it takes that; without arguments it simulates cells. What it
// finds depends on the data, and is told over several seeds: on simulated cells the joint embedding need not be better.

val file = args.firstOrNull { it.endsWith(".h5ad") && java.io.File(it).exists() }
val out = args.lastOrNull { it != file } ?: "joint-embedding-scvi.h5ad"
sc.settings.verbosity = 1
scvi.settings.seed = 0

// Load the data ------------------------------------------------------------------------------------------------------

val batchKey = if (file != null) "sample_id" else "batch"

fun fullDepth(seed: Long = 0): AnnData =
    if (file != null) {
        sc.readH5ad(file)
    } else {
        sc.datasets.simulatedBatches(
            nCells = 4000, nGenes = 1500, nBatches = 3, nTypes = 12, typeEffect = 1.0, depth = 8000.0, seed = seed,
        )
    }

val full = fullDepth()
println(full)
val totals = full.X.rowSums()
println("counts of a cell: ${totals.min().toInt()} to ${totals.max().toInt()}")

// Emulate cells with few counts --------------------------------------------------------------------------------------
// Every cell keeps a share of its molecules that is drawn for it, min(1, 10^N(-1, 1)): about one in six keeps all and
// serves as an example. Cells below 20 counts are dropped.

val minUmi = 20.0
val typicalCutoff = 1000.0

fun thinned(cells: AnnData, seed: Long): AnnData {
    val draw = java.util.Random(seed)
    val shares = DoubleArray(cells.nObs) { minOf(1.0, Math.pow(10.0, -1.0 + draw.nextGaussian())) }
    val few = sc.pp.thinCounts(cells, shares, randomState = seed, copy = true)
    few.obs["total_umi"] = NumericColumn.of(*few.X.rowSums())
    val kept = few[few.obs["total_umi"].toDoubles().map { it >= minUmi }.toBooleanArray()].copy()
    kept.obs["log10_umi"] = NumericColumn.of(*kept.obs["total_umi"].toDoubles().map { Math.log10(it) }.toDoubleArray())
    kept.obs["depth"] =
        CategoricalColumn.ofTexts(
            *kept.obs["total_umi"].toDoubles().map { if (it >= typicalCutoff) "high" else "low" }.toTypedArray(),
        )
    return kept
}

val adata = thinned(full, 0)
val umi = adata.obs["total_umi"].toDoubles()
fun percentile(q: Int) = umi.sorted()[((umi.size - 1) * q / 100.0).toInt()].toInt()
println("cells kept (at least ${minUmi.toInt()} counts): ${adata.nObs}")
println("percentiles of counts: " + listOf(1, 10, 50, 90, 99).joinToString { "$it: ${percentile(it)}" })
println("share below ${typicalCutoff.toInt()} counts: %.3f".format(umi.count { it < typicalCutoff } / umi.size.toDouble()))

sc.pl.violin(adata, keys = "log10_umi", groupby = batchKey, stripplot = false).save("joint_01_counts.png")

// Train both models --------------------------------------------------------------------------------------------------
// 32 latent dimensions, a negative binomial likelihood, 25 epochs in minibatches of 512 at a learning rate to match. In so
// few epochs the divergence from the prior hardly counts: its weight rises over 400.

val nLatent = 32
val maxEpochs = 25
val plan = mapOf("lr" to 0.004)

fun scviOf(cells: AnnData, seed: Long = 0): ScviModel {
    scvi.SCVI.setupAnndata(cells, batchKey = batchKey)
    val model = scvi.SCVI(cells, nLatent = nLatent, geneLikelihood = "nb", seed = seed)
    model.train(maxEpochs = maxEpochs, batchSize = 512, planKwargs = plan, seed = seed)
    return model
}

fun jointOf(cells: AnnData, weight: Double = 100.0, seed: Long = 0): JointEmbeddingScviModel {
    scvi.JointEmbeddingSCVI.setupAnndata(cells, batchKey = batchKey)
    val model =
        scvi.JointEmbeddingSCVI(cells, nLatent = nLatent, geneLikelihood = "nb", jointEmbeddingWeight = weight, seed = seed)
    model.train(maxEpochs = maxEpochs, batchSize = 512, planKwargs = plan, seed = seed)
    return model
}

val baseline = scviOf(adata)
val joint = jointOf(adata)
println(joint)
scvi.pl.history(mapOf("SCVI" to baseline, "JointEmbeddingSCVI" to joint), keys = listOf("elbo_train")).save("joint_02_training.png")

adata.obsm["X_scVI"] = baseline.getLatentRepresentation()
adata.obsm["X_scVI_JE"] = joint.getLatentRepresentation()

// Look at the embeddings ---------------------------------------------------------------------------------------------
// t-SNE of a sample of cells, by depth, by type, and of the cells that a filter would have dropped.

val sample = if (adata.nObs > 10_000) sc.pp.subsample(adata, nObs = 10_000, copy = true)!! else adata
val models = listOf("X_scVI" to "SCVI", "X_scVI_JE" to "JointEmbedding (w = 100)")
for ((rep, _) in models) {
    sc.tl.tsne(sample, useRep = rep, keyAdded = "${rep}_tsne")
}

fun pair(name: String, figure: (String, String) -> Figure) =
    c2v.pl.panels(figure("X_scVI_tsne", "SCVI"), figure("X_scVI_JE_tsne", "JointEmbedding (w = 100)"), ncols = 2).save(name)

pair("joint_03_depth.png") { basis, title ->
    sc.pl.embedding(sample, basis = basis, color = "log10_umi", title = "$title: log10 counts", frameon = false)
}
pair("joint_04_types.png") { basis, title ->
    sc.pl.embedding(sample, basis = basis, color = "cell_type", title = title, frameon = false)
}
pair("joint_05_low.png") { basis, title ->
    sc.pl.embedding(
        sample, basis = basis, color = "cell_type", title = "$title: below 1,000 counts", frameon = false,
        maskObs = sample.obs["depth"].texts().map { it == "low" }.toBooleanArray(),
    )
}

// The same cells by UMAP, after PCA and in both latent spaces --------------------------------------------------------

fun umap(rep: String?, name: String) {
    if (rep == null) {
        val log = adata.copy()
        sc.pp.normalizeTotal(log)
        sc.pp.log1p(log)
        sc.pp.pca(log)
        adata.obsm["X_pca"] = log.obsm["X_pca"]
    }
    sc.pp.neighbors(adata, useRep = rep ?: "X_pca", nNeighbors = 20)
    sc.tl.umap(adata, minDist = 0.3)
    sc.pl.umap(adata, color = listOf("cell_type", batchKey), frameon = false).save(name)
}
umap(null, "joint_06_pca.png")
umap("X_scVI", "joint_07_scvi.png")
umap("X_scVI_JE", "joint_08_joint.png")

// How many labels are recovered? -------------------------------------------------------------------------------------
// The 15 nearest cells with many counts foretell the label of every cell with few. Overall accuracy can be had by placing
// everything in the largest group; balanced accuracy counts all types alike. One training says little: three of each.

fun recovered(cells: AnnData, rep: String): Pair<Double, Double> {
    val table =
        sc.metrics.labelTransferAccuracy(cells, "cell_type", "depth", groups = "low" to "high", useRep = rep, nNeighbors = 15)
    return table["accuracy"].toDoubles()[0] to table["balanced_accuracy"].toDoubles()[0]
}

val seeds = if (file != null) 1L else 3L
val found = models.associate { it.first to mutableListOf<Pair<Double, Double>>() }
for (seed in 0L until seeds) {
    val cells = if (seed == 0L) adata else thinned(fullDepth(seed), seed)
    if (seed > 0) {
        cells.obsm["X_scVI"] = scviOf(cells, seed).getLatentRepresentation()
        cells.obsm["X_scVI_JE"] = jointOf(cells, seed = seed).getLatentRepresentation()
    }
    for ((rep, _) in models) found.getValue(rep) += recovered(cells, rep)
}
println("\ncells below ${typicalCutoff.toInt()} counts: labels recovered from the others, mean over $seeds trainings")
println("%-26s %9s %9s".format("", "overall", "balanced"))
for ((rep, name) in models) {
    val of = found.getValue(rep)
    println("%-26s %8.1f%% %8.1f%%".format(name, 100 * of.map { it.first }.average(), 100 * of.map { it.second }.average()))
}

adata.writeH5ad(out)
println("\nwrote $out and joint_*.png")
