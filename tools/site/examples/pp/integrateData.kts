// data: anchors
sc.pp.integrateData(adata, dims = 15)
adata
