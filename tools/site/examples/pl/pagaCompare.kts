// data: clustered
sc.tl.paga(adata, groups = "cell_type")
sc.pl.pagaCompare(adata, basis = "umap")
