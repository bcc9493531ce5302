// data: counts
sc.external.pp.scrublet(adata)
adata.obs[listOf("doublet_score", "predicted_doublet")].head()
