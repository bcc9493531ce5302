// data: clustered
sc.pl.countplot(adata, x = "cell_type", hue = "batch")
