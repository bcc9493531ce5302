// data: labelled
val query = sc.datasets.simulatedBatches(nCells = 100, nGenes = 300, nTypes = 4, seed = 1)
query.obs["batch"] = "later"
val mapped = scvi.SCANVI.loadQueryData(query, model)
mapped.train(maxEpochs = 5)
mapped.getLatentRepresentation().shape
