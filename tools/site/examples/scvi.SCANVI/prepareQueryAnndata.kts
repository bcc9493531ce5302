// data: labelled
val query = sc.datasets.simulatedBatches(nCells = 100, nGenes = 200, nTypes = 4, seed = 1)
scvi.SCANVI.prepareQueryAnndata(query, model)
