val adata = sc.datasets.blobs(nObservations = 300, nCenters = 4)
sc.pp.pca(adata)
sc.pl.pca(adata, color = "blobs")
