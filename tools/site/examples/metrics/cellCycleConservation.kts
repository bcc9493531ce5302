// data: harmonised
sc.tl.scoreGenesCellCycle(adata, sGenes = adata.varNames.take(20), g2mGenes = adata.varNames.drop(20).take(20))
sc.metrics.cellCycleConservation(adata, "batch", useRep = "X_pca_harmony")
