// data: barcoded
c2v.pl.smallCbar(sc.pl.umap(adata, color = adata.varNames[0], frameon = false))
