// data: anchors
sc.pl.anchors(adata, basis = "pca", color = "batch")
