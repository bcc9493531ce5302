// data: clustered
sc.pl.pcaScatter(adata, color = "cell_type", components = "1,3")
