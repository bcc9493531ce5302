// data: clustered
sc.tl.louvain(adata, resolution = 0.5)
pd.crosstab(adata.obs["louvain"], adata.obs["cell_type"])
