// data: components
sc.tl.tsne(adata, useRep = "X_pca", perplexity = 30)
sc.pl.tsne(adata, color = "cell_type")
