// data: clustered
sc.metrics.confusionMatrix("cell_type", "leiden", adata.obs)
