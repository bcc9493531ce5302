// data: logarithms
sc.pp.pca(adata, nComps = 15)
sc.pl.pca(adata, color = "cell_type")
