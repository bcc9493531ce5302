// data: logarithms
sc.pp.selectIntegrationFeatures(adata, nFeatures = 200)
adata.vars.head()
