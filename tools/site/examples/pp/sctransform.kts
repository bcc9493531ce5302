// data: counts
sc.pp.sctransform(adata, nTopGenes = 200)
sc.pp.pca(adata, obsm = "sct_residuals", nComps = 15)
adata
