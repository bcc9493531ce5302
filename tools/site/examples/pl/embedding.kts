// data: harmonised
sc.pl.embedding(adata, basis = "X_pca_harmony", color = "cell_type")
