// data: counts
sc.session(adata)["reproducible"]
