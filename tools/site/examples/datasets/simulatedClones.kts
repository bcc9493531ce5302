sc.datasets.simulatedClones(nClones = 100, nGenes = 300)
