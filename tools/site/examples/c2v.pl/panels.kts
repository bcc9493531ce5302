// data: barcoded
c2v.pl.panels(sc.pl.umap(adata, color = "fate"), sc.pl.umap(adata, color = "well"), ncols = 2)
