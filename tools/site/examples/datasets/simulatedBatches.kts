sc.datasets.simulatedBatches(nCells = 500, nGenes = 800, nBatches = 3, nTypes = 5)
