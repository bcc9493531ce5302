// data: clustered
val reference = adata[adata.obs["batch"] eq "batch_0"].copy()
sc.pp.pca(reference, nComps = 15)
sc.pp.neighbors(reference)
sc.tl.umap(reference)
val query = adata[adata.obs["batch"] eq "batch_1"].copy()
sc.tl.ingest(query, reference, obs = "cell_type")
query
