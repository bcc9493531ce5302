sc.datasets.simulatedCiteSeq(nCells = 300, nGenes = 200, nProteins = 30)
