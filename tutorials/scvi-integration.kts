// Batches integrated by generative models, beside PCA and Harmony.
// usage: ./cellweave tutorials/scvi-integration.kts [CELLS.h5ad [BATCH_KEY [LABEL_KEY]]]
//
// scVI learns latent places that leave the batch out; scANVI also knows the labels of some cells. Both are trained here in
// under a minute on simulated cells whose types are known, and judged by scIB's measures beside principal components as
// they are and corrected by Harmony. With a file of counts it takes that.

sc.settings.verbosity = 1
scvi.settings.seed = 0

// Cells --------------------------------------------------------------------------------------------------------------

val batchKey = args.getOrElse(1) { "batch" }
val labelKey = args.getOrElse(2) { "cell_type" }
val adata =
    if (args.isNotEmpty()) {
        sc.readH5ad(args[0])
    } else {
        sc.datasets.simulatedBatches(nCells = 4000, nGenes = 1200, nBatches = 4, nTypes = 8, batchEffect = 0.25, typeEffect = 0.6)
    }
adata.layers["counts"] = adata.X.copy()
println(adata)

// Principal components and Harmony -----------------------------------------------------------------------------------

sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)
sc.pp.pca(adata, nComps = 30)
sc.pp.harmonyIntegrate(adata, key = batchKey)

// scVI ---------------------------------------------------------------------------------------------------------------
// Counts, not logarithms: the likelihood is one of counts. The bound of held-out cells says whether training has gone on
// long enough.

scvi.SCVI.setupAnndata(adata, layer = "counts", batchKey = batchKey)
val model = scvi.SCVI(adata, nLayers = 2, nLatent = 30, geneLikelihood = "nb")
model.train(maxEpochs = 40, checkValEveryNEpoch = 1)
println(model)
scvi.pl.history(mapOf("SCVI" to model), keys = listOf("elbo_train", "elbo_validation")).save("scvi_01_training.png")
adata.obsm["X_scVI"] = model.getLatentRepresentation()

// scANVI -------------------------------------------------------------------------------------------------------------
// It goes on from scVI and knows the labels of a third of the cells; those of the others it foretells.

val truth = adata.obs[labelKey].texts().map { it!! }
val draw = java.util.Random(0)
adata.obs["seen"] = CategoricalColumn.ofTexts(*truth.map { if (draw.nextInt(3) == 0) it else "Unknown" }.toTypedArray())
val labelled = scvi.SCANVI.fromScviModel(model, unlabeledCategory = "Unknown", labelsKey = "seen")
labelled.train(maxEpochs = 20, nSamplesPerLabel = 100)
adata.obsm["X_scANVI"] = labelled.getLatentRepresentation()
val foretold = labelled.predict().texts()
val unseen = adata.obs["seen"].texts().withIndex().filter { it.value == "Unknown" }.map { it.index }
val right = unseen.count { foretold[it] == truth[it] }
println("labels foretold of ${unseen.size} cells without one: %.1f%% right".format(100.0 * right / unseen.size))

// Side by side -------------------------------------------------------------------------------------------------------

val embeddings = listOf("X_pca", "X_pca_harmony", "X_scVI", "X_scANVI")
val judged = sc.metrics.benchmark(adata, batchKey, labelKey, embeddings = embeddings)
println(judged)
sc.pl.benchmark(judged).save("scvi_02_benchmark.png")

for (rep in embeddings) {
    sc.pp.neighbors(adata, useRep = rep)
    sc.tl.umap(adata)
    sc.pl.umap(adata, color = listOf(batchKey, labelKey), frameon = false).save("scvi_03_${rep.removePrefix("X_")}.png")
}

// What else a model answers ------------------------------------------------------------------------------------------
// Genes that differ between two types, with the batch accounted for.

val types = truth.distinct().sorted()
val de = model.differentialExpression(groupby = labelKey, group1 = listOf(types[0]), group2 = types[1], mode = "change")
val lfc = de["lfc_mean"].toDoubles()
val probability = de["proba_de"].toDoubles()
println("genes that differ between ${types[0]} and ${types[1]}: " +
    (0 until 5).joinToString { "%s (lfc %.2f, p %.3f)".format(de.index.text(it), lfc[it], probability[it]) })

model.save("scvi-integration-model", overwrite = true)
val again = scvi.SCVI.load("scvi-integration-model", adata)
println("loaded: ${again.isTrained}")
adata.writeH5ad("scvi-integration.h5ad")
