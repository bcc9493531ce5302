// data: anchors
sc.pp.integrateEmbeddings(adata, useRep = "X_pca")
adata
