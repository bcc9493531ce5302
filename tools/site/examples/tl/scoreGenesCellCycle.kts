// data: clustered
sc.tl.scoreGenesCellCycle(adata, sGenes = adata.varNames.take(20), g2mGenes = adata.varNames.drop(20).take(20))
adata.obs["phase"].valueCounts()
