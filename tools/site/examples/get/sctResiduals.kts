// data: counts
sc.pp.sctransform(adata, nTopGenes = 200)
sc.get.sctResiduals(adata)
