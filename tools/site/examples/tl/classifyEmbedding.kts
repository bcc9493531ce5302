// data: harmonised
val known = adata.obs["batch"] eq "batch_0"
sc.tl.classifyEmbedding(adata, "cell_type", useRep = "X_pca_harmony", reference = known)
adata
