// data: barcoded
c2v.pl.fancyLegend(sc.pl.umap(adata, color = "fate", frameon = false))
