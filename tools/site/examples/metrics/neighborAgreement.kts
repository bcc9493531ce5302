// data: harmonised
sc.metrics.neighborAgreement(adata, useRep = "X_pca_harmony", batchKey = "batch")
