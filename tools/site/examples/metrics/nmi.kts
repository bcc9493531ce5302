// data: clustered
sc.metrics.nmi(adata, "leiden", "cell_type")
