// data counts: counts of 400 simulated cells of four types in two batches, kept in a layer as well
val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 600, nTypes = 4)
adata.layers["counts"] = adata.X.copy()

// data logarithms from counts: the 400 simulated cells, normalised
sc.pp.normalizeTotal(adata, targetSum = 1e4)
sc.pp.log1p(adata)

// data components from logarithms: the 400 simulated cells with principal components
sc.pp.highlyVariableGenes(adata, nTopGenes = 300)
sc.pp.pca(adata, nComps = 15)

// data clustered from components: the 400 simulated cells with neighbours, a map, clusters and ranked genes
sc.pp.neighbors(adata)
sc.tl.umap(adata)
sc.tl.leiden(adata, resolution = 0.5)
sc.tl.rankGenesGroups(adata, "cell_type", method = "wilcoxon")

// data harmonised from clustered: the 400 simulated cells, batches brought together by Harmony
sc.pp.harmonyIntegrate(adata, key = "batch")

// data features from logarithms: the 400 simulated cells with features chosen for both batches
sc.pp.selectIntegrationFeatures(adata, nFeatures = 300)
sc.pp.pca(adata, nComps = 15)

// data anchors from features: the 400 simulated cells with the anchors of Seurat's method
sc.pp.findIntegrationAnchors(adata, dims = 15, kFilter = null)

// data course: blood progenitors on their way to four fates, simulated (Krumsiek 2011)
val adata = sc.datasets.krumsiek11()
sc.pp.neighbors(adata, useRep = "X", nNeighbors = 20)
sc.tl.diffmap(adata)
sc.tl.dpt(adata)
sc.tl.paga(adata, groups = "cell_type")

// data samples from counts: counts of the 400 simulated cells, as three samples of each batch
adata.obs["sample"] = (0 until adata.nObs).map { adata.obs["batch"].text(it) + "_" + it % 3 }

// data paired (mdata): genes and surface proteins of the same 300 simulated cells in three batches
val mdata = sc.datasets.simulatedCiteSeq(nCells = 300, nGenes = 200, nProteins = 30)
for (part in mdata.mod.values()) {
    part.layers["counts"] = part.X.copy()
    sc.pp.normalizeTotal(part)
    sc.pp.log1p(part)
    sc.pp.pca(part, nComps = 10)
}

// data mosaic (mdata) from paired as whole: 300 simulated cells, of which each of the first batch is two: one with genes, one with proteins
val mdata = sc.pp.unpair(whole, whole.obs["batch"] eq "batch_0")
mdata.uns["true_links"] = whole.uns["true_links"]

// data barcoded: 1,200 simulated barcoded cells of two wells on their way to five fates
val adata = sc.datasets.simulatedClones(nClones = 100, nGenes = 300)
adata.layers["counts"] = adata.X.copy()
sc.pp.normalizeTotal(adata)
sc.pp.log1p(adata)
sc.pp.pca(adata, nComps = 15)
sc.pp.neighbors(adata)
sc.tl.umap(adata)

// data clones from barcoded as cells: their clones, with mean expression, shares of fates and an embedding
val adata = c2v.pp.clonesAdata(cells, obsName = "clone", fillObs = "fate")
c2v.pp.transferAnnotation(cells, adata, annotationObsAdata = "well")
c2v.tl.clonalNn(cells, adata)
c2v.tl.clone2vec(adata, zDim = 5)
sc.pp.neighbors(adata, useRep = "clone2vec", nNeighbors = 10)
sc.tl.umap(adata)

// data trained (model): scVI, trained for ten epochs on counts of 400 simulated cells
val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 300, nTypes = 4)
scvi.SCVI.setupAnndata(adata, batchKey = "batch")
val model = scvi.SCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 10)

// data linear (model): scVI with a linear decoder, trained for ten epochs on counts of 400 simulated cells
val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 300, nTypes = 4)
scvi.LinearSCVI.setupAnndata(adata, batchKey = "batch")
val model = scvi.LinearSCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 10)

// data labelled (model): scANVI, trained for five epochs on counts of 400 simulated cells and their types
val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 300, nTypes = 4)
scvi.SCANVI.setupAnndata(adata, batchKey = "batch", labelsKey = "cell_type", unlabeledCategory = "Unknown")
val model = scvi.SCANVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 5)

// data joint (model): JointEmbeddingSCVI, trained for five epochs on counts of 400 simulated cells
val adata = sc.datasets.simulatedBatches(nCells = 400, nGenes = 300, nTypes = 4)
scvi.JointEmbeddingSCVI.setupAnndata(adata, batchKey = "batch")
val model = scvi.JointEmbeddingSCVI(adata, nLatent = 5, nHidden = 32)
model.train(maxEpochs = 5)
