// data: barcoded
c2v.pl.embeddingAxis(sc.pl.umap(adata, color = "fate", frameon = false))
