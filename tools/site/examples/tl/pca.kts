// data: logarithms
sc.tl.pca(adata, nComps = 15)
sc.pl.pcaVarianceRatio(adata, nPcs = 15)
