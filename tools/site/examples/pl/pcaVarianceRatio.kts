// data: clustered
sc.pl.pcaVarianceRatio(adata, nPcs = 15, log = true)
