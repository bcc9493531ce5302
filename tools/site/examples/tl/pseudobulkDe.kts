// data: samples
sc.tl.pseudobulkDe(adata, "~ batch", sampleKey = "sample")
sc.get.pseudobulkDf(adata).head()
