// data: clustered
sc.pl.pcaOverview(adata, color = "cell_type")
