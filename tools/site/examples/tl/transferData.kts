// data: features
val reference = adata[adata.obs["batch"] eq "batch_0"].copy()
val query = adata[adata.obs["batch"] eq "batch_1"].copy()
sc.tl.findTransferAnchors(query, reference, dims = 15, npcs = 15)
sc.tl.transferData(query, reference, refdata = "cell_type", kWeight = 20)
query
