// data: clustered
sc.pl.pcaLoadings(adata, components = "1,2")
