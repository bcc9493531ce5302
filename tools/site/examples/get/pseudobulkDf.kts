// data: samples
sc.tl.pseudobulkDe(adata, "~ batch", sampleKey = "sample")
sc.get.pseudobulkDf(adata, pvalCutoff = 0.05).head()
