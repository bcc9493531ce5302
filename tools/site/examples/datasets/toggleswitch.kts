val adata = sc.datasets.toggleswitch()
sc.pl.scatter(adata, x = adata.varNames[0], y = adata.varNames[1])
