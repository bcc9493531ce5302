// data: clustered
sc.pl.matrixplot(adata, adata.varNames.take(6), groupby = "cell_type", standardScale = "var", cmap = "Blues")
