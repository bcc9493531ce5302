// data: components
sc.tl.tsne(adata, useRep = "X_pca")
sc.pl.tsne(adata, color = "cell_type")
