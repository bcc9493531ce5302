// data: logarithms
sc.pp.combat(adata, key = "batch")
sc.pp.pca(adata, nComps = 15)
sc.pl.pca(adata, color = listOf("batch", "cell_type"))
